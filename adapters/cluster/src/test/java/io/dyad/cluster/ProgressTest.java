package io.dyad.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.EventLog.Cause;
import io.dyad.replication.TargetSilentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long a host waits for its target to come along. */
class ProgressTest {
    private static final Cause TEST = new Cause("test", "test");
    private static final long MILLISECOND_NS = 1_000_000L;
    private Cluster cluster;
    private Progress progress;

    @BeforeEach void open(@TempDir Path dir) throws IOException {
        cluster = Cluster.at(dir).open();
        var id = cluster.createVolume(NewVolume.of("v", cluster.addAccount("ann", TEST).id(), 1L << 30).withAccess(Access.READ_WRITE), TEST).volume().id();
        progress = new Progress(((HostedVolume) cluster.open(id)).volume().synchrony(), Set.of());
    }

    @AfterEach void close() { cluster.close(); }

    @Test void a_throttled_write_waits_no_longer_than_it_may() {
        long before = System.nanoTime();
        progress.await(() -> false, 30 * MILLISECOND_NS);
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(30 * MILLISECOND_NS);
    }

    @Test @Timeout(60) void only_those_are_woken_whose_wait_is_over() throws Exception {
        var first = new Host();
        var second = new Host();
        first.awaitParked();
        second.awaitParked();
        int asked = second.askedItself.get();
        for (int i = 0; i < 1000; i++) progress.tell();
        first.so = true;
        progress.tell();
        first.thread.join();
        assertThat(second.askedItself).as("how often the other one looked").hasValue(asked);
        second.so = true;
        progress.tell();
        second.thread.join();
        assertThat(second.failure).isNull();
    }

    /** Waits until it is so. */
    private final class Host {
        final AtomicInteger askedItself = new AtomicInteger();
        volatile boolean so;
        volatile @Nullable Throwable failure;
        final Thread thread = Thread.ofPlatform().start(this::run);

        private void run() {
            try {
                progress.await(() -> {
                    if (Thread.currentThread() == thread) askedItself.incrementAndGet();
                    return so;
                });
            } catch (TargetSilentException e) {
                failure = e;
            }
        }

        void awaitParked() {
            while (LockSupport.getBlocker(thread) == null) Thread.onSpinWait();
        }
    }
}
