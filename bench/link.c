/*
 * link NAMESPACE_A NAMESPACE_B DELAY_US MBIT LOSS_PPM QUEUE_KIB
 *
 * Joins two network namespaces by an emulated link: a TUN device named "link" in each, packets carried between them with a
 * one-way delay, a rate, a queue that drops at its tail, and random loss. For kernels without netem. Says "ready", runs
 * until SIGTERM, then says what it carried and dropped. One thread; times are nanoseconds of the monotonic clock. It goes
 * before all else on the machine: a wire does not become slower because its ends compute.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { PACKET_BYTES = 9216, SLOTS = 1 << 14, BURST = 64 };
static const int64_t NAP_NS = 5000000;

/* A packet on its way, due at the far end at a time. */
struct packet {
    int64_t due_ns;
    int bytes;
    uint8_t content[PACKET_BYTES];
};

/* One direction: what is on its way, oldest first, and when the wire is free for the next packet. */
struct direction {
    int from, to;
    struct packet *slots;
    uint32_t oldest, next;
    int64_t free_ns;
    uint64_t carried, carried_bytes, dropped, lost;
};

struct terms {
    int64_t delay_ns;
    double ns_a_byte;
    uint32_t loss_ppm;
    int64_t queue_ns;
};

static volatile sig_atomic_t stopped;

static void on_signal(int signal) { (void)signal; stopped = 1; }

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void fail(const char *what) { perror(what); exit(1); }

/* xorshift: the same losses in every run. */
static uint32_t chance(void) {
    static uint64_t state = 0x9E3779B97F4A7C15;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

static int device_in(const char *namespace) {
    char path[256];
    snprintf(path, sizeof path, "/var/run/netns/%s", namespace);
    int ns = open(path, O_RDONLY | O_CLOEXEC);
    if (ns < 0 || setns(ns, CLONE_NEWNET)) fail(path);
    close(ns);
    int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (device < 0) fail("/dev/net/tun");
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    strcpy(request.ifr_name, "link");
    if (ioctl(device, TUNSETIFF, &request)) fail("TUNSETIFF");
    return device;
}

/* Takes in what hosts have sent: lost, dropped, or given its time of arrival. */
static void take(struct direction *d, const struct terms *terms, int64_t now) {
    for (int i = 0; i < BURST; i++) {
        struct packet *p = &d->slots[d->next % SLOTS];
        uint8_t excess[PACKET_BYTES];
        int full = d->next - d->oldest == SLOTS;
        int bytes = (int)read(d->from, full ? excess : p->content, PACKET_BYTES);
        if (bytes <= 0) return;
        int64_t starts = d->free_ns > now ? d->free_ns : now;
        if (chance() % 1000000 < terms->loss_ppm) {
            d->lost++;
        } else if (full || starts - now > terms->queue_ns) {
            d->dropped++;
        } else {
            d->free_ns = starts + (int64_t)(bytes * terms->ns_a_byte);
            p->due_ns = d->free_ns + terms->delay_ns;
            p->bytes = bytes;
            d->next++;
        }
    }
}

/* Delivers what is due and returns when the next packet will be. */
static int64_t deliver(struct direction *d, int64_t now) {
    while (d->oldest != d->next) {
        struct packet *p = &d->slots[d->oldest % SLOTS];
        if (p->due_ns > now) return p->due_ns;
        if (write(d->to, p->content, p->bytes) == p->bytes) {
            d->carried++;
            d->carried_bytes += p->bytes;
        }
        d->oldest++;
    }
    return now + NAP_NS;
}

static void carry(struct direction *d, const struct terms *terms) {
    while (!stopped) {
        int64_t now = now_ns(), wake = now + NAP_NS;
        for (int i = 0; i < 2; i++) {
            take(&d[i], terms, now);
            int64_t due = deliver(&d[i], now);
            if (due < wake) wake = due;
        }
        int64_t left = wake - now_ns();
        if (left <= 0) continue;
        struct timespec nap = {.tv_nsec = left};
        struct pollfd arrivals[2] = {{d[0].from, POLLIN, 0}, {d[1].from, POLLIN, 0}};
        ppoll(arrivals, 2, &nap, NULL);
    }
}

int main(int count, char **word) {
    if (count != 7) {
        fprintf(stderr, "usage: link NAMESPACE_A NAMESPACE_B DELAY_US MBIT LOSS_PPM QUEUE_KIB\n");
        return 2;
    }
    double ns_a_byte = 8000.0 / atof(word[4]);
    struct terms terms = {atoll(word[3]) * 1000, ns_a_byte, (uint32_t)atoi(word[5]), (int64_t)(atoll(word[6]) * 1024 * ns_a_byte)};
    int a = device_in(word[1]), b = device_in(word[2]);
    struct direction d[2] = {{.from = a, .to = b}, {.from = b, .to = a}};
    for (int i = 0; i < 2; i++)
        if (!(d[i].slots = malloc(SLOTS * sizeof(struct packet)))) fail("memory");
    struct sched_param first = {.sched_priority = 1};
    if (sched_setscheduler(0, SCHED_FIFO, &first)) fail("real-time priority");
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    fprintf(stderr, "ready\n");
    carry(d, &terms);
    for (int i = 0; i < 2; i++)
        fprintf(stderr, "%s: carried %lu packets, %lu bytes, dropped %lu, lost %lu\n", i ? "b to a" : "a to b", d[i].carried, d[i].carried_bytes, d[i].dropped, d[i].lost);
    return 0;
}
