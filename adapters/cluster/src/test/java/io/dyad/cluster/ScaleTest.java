package io.dyad.cluster;

import static io.dyad.cluster.TwoClusters.TEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumeId;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of many pairs, and many volumes beside them, in this one process: real files, real TLS. Prints what they cost; bounds are generous. */
@Tag("long")
class ScaleTest {
    private static final int VOLUMES = Integer.getInteger("dyad.scale.volumes", 4000);
    private static final int PAIRS = Integer.getInteger("dyad.scale.pairs", 500);
    private static final long SIZE = 1_000_341_504L;
    private static final long MIB = 1 << 20;

    @TempDir Path dir;

    @Test void fourThousandVolumesAndFiveHundredActivePairsFitIntoOneGibibyteAndStartInSeconds() throws Exception {
        List<VolumeId> sources;
        long began = System.nanoTime();
        try (Cluster a = open("a"); Cluster b = open("b")) {
            b.completeClusterPairing(a.startClusterPairing(TEST).clusterPairingKey(), TEST);
            List<AccountId> owners = each(1 + VOLUMES / 1000, i -> a.addAccount("owner" + i, TEST).id());
            AccountId two = b.addAccount("two", TEST).id();
            long empty = heapBytes();
            sources = each(VOLUMES - PAIRS, i -> a.createVolume(NewVolume.of("v" + i, owners.get(i % owners.size()), SIZE), TEST).volume().id()).subList(0, PAIRS);
            say("%d volumes made after %.0f s", VOLUMES - PAIRS, seconds(began));
            List<VolumeId> targets = each(PAIRS, i -> b.createVolume(NewVolume.of("w" + i, two, SIZE).withAccess(Access.REPLICATION_TARGET), TEST).volume().id());
            long volumes = heapBytes();
            say("%d volumes, not open: %,d bytes of heap each", VOLUMES, (volumes - empty) / VOLUMES);
            List<VolumeId> from = sources;
            each(PAIRS, i -> {
                b.completeVolumePairing(targets.get(i), a.startVolumePairing(from.get(i), Mode.ASYNC, TEST), TEST);
                return i;
            });
            await("all are Active", 300, () -> active(a, from) && active(b, targets));
            for (VolumeId id : from) a.open(id).write(4096L * 7, ByteBuffer.wrap("hello".repeat(1000).getBytes()), false);
            await("all has arrived", 60, () -> from.stream().allMatch(id -> a.stats(id).replication().lagBytes() == 0));
            long pairs = heapBytes();
            say("%d idle pairs: %,d bytes of heap each, both ends; %d MiB of heap and %d MiB of direct buffers in all, %d threads of the system", PAIRS,
                (pairs - volumes) / PAIRS, pairs / MIB, directBytes() / MIB, ManagementFactory.getThreadMXBean().getThreadCount());
            say("an idle second: %.0f ms of processor time", 1000 * idle(10));
            assertThat(pairs).as("heap in use").isLessThan(900 * MIB);
        }
        restarts(sources);
    }

    private void restarts(List<VolumeId> sources) throws Exception {
        long began = System.nanoTime();
        try (Cluster a = open("a")) {
            say("start with %d volumes, %d of them paired: %.1f s", VOLUMES - PAIRS, PAIRS, seconds(began));
            assertThat(seconds(began)).as("seconds of a start").isLessThan(60);
            try (Cluster b = open("b")) {
                await("all are Active again", 120, () -> active(a, sources));
                say("both started and all pairs Active: %.1f s", seconds(began));
                assertThat(b.volumes()).hasSize(PAIRS);
            }
        }
    }

    private Cluster open(String name) throws Exception { return Cluster.at(dir.resolve(name)).name(name).ringBudget(64 * MIB).open(); }

    private static boolean active(Cluster c, List<VolumeId> ids) { return ids.stream().allMatch(id -> TwoClusters.state(c, id).equals("Active")); }

    private static <T> List<T> each(int count, IntFunction<T> work) throws Exception {
        List<T> made = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<T>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(threads.submit(() -> work.apply(number)));
            }
            for (Future<T> f : all) made.add(f.get());
        }
        return made;
    }

    private static void await(String what, int limitSeconds, BooleanSupplier condition) throws InterruptedException {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(seconds(began)).as(what).isLessThan(limitSeconds);
            Thread.sleep(Duration.ofMillis(200));
        }
        say("%s after %.1f s", what, seconds(began));
    }

    private static double seconds(long sinceNs) { return (System.nanoTime() - sinceNs) / 1e9; }

    private static double idle(int overSeconds) throws InterruptedException {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Thread.sleep(Duration.ofSeconds(2));
        long before = system.getProcessCpuTime();
        Thread.sleep(Duration.ofSeconds(overSeconds));
        return (system.getProcessCpuTime() - before) / 1e9 / overSeconds;
    }

    private static long heapBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }

    private static void say(String words, Object... values) { System.out.println("scale: " + String.format(words, values)); }
}
