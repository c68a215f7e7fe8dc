package io.dyad.nbd;

import static io.dyad.nbd.NbdClient.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that may not be answered at once: another end has to acknowledge them, or a flush to cover them. */
class AnswerQueueTest {
    private final MemoryExport volume = new MemoryExport(1 << 20);
    private NbdServer server;

    @BeforeEach void serve() throws IOException {
        volume.awaited = true;
        volume.acknowledgeGate = new CountDownLatch(1);
        server = NbdServer.start(MemoryExport.anyPort(), volume.asExports());
    }

    @AfterEach void close() throws IOException {
        volume.acknowledge();
        server.close();
    }

    @Test void a_write_is_answered_when_the_other_end_has_it_and_reads_pass_it() throws IOException {
        try (var client = simple(server, "12")) {
            client.request(WRITE, 0, 1, 0, 4096, new byte[4096]);
            assertThat(client.read(4096, 4096)).as("a read passes the waiting write").containsOnly(0);
            volume.acknowledge();
            assertThat(client.reply(0)).matches(r -> r.cookie() == 1 && r.error() == 0);
        }
    }

    @Test void a_queue_of_writes_waits_together_and_not_one_by_one() throws IOException {
        try (var client = simple(server, "12")) {
            for (int i = 1; i <= 32; i++) client.request(WRITE, 0, i, i * 4096L, 4096, new byte[4096]);
            assertThat(client.read(0, 4096)).as("all are stored by now").containsOnly(0);
            assertThat(volume.waits.get()).as("nobody is woken before").isZero();
            volume.acknowledge();
            Set<Long> answered = new HashSet<>();
            for (int i = 1; i <= 32; i++) answered.add(client.reply(0).cookie());
            assertThat(answered).hasSize(32);
            assertThat(volume.waits.get()).isOne();
        }
    }

    @Test void a_write_that_the_other_end_will_not_acknowledge_fails() throws IOException {
        try (var client = simple(server, "12")) {
            client.request(WRITE, 0, 1, 0, 4096, new byte[4096]);
            assertThat(client.read(4096, 4096)).containsOnly(0);
            volume.failAtBytes = 0;
            volume.failure = new IOException("silent");
            volume.acknowledge();
            assertThat(client.reply(0).error()).isEqualTo(5);
        }
    }

    @Test void a_flush_that_fails_fails_every_write_that_waits_for_it_and_none_that_comes_after() throws IOException {
        volume.flushGate = new CountDownLatch(1);
        try (var client = simple(server, "12")) {
            for (int i = 1; i <= 3; i++) client.request(WRITE, FUA, i, i * 4096L, 4096, new byte[4096]);
            assertThat(client.read(0, 4096)).as("all are stored by now").containsOnly(0);
            volume.failure = new IOException("the disk is gone");
            volume.flushGate.countDown();
            Set<Long> failed = new HashSet<>();
            for (int i = 1; i <= 3; i++) {
                var reply = client.reply(0);
                assertThat(reply.error()).isEqualTo(5);
                failed.add(reply.cookie());
            }
            assertThat(failed).containsExactlyInAnyOrder(1L, 2L, 3L);
            volume.failure = null;
            assertThat(client.errorOf(FLUSH, 0, 0, 0)).isZero();
        }
    }
}
