package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million hostile requests of one seed: {@code -Ddyad.siege.requests=N -Ddyad.siege.seed=N}. Neither threads nor memory grow, besides what the
 * requests that were let in left behind.
 */
@Tag("long")
class LongSiegeTest {
    static final long FIRST_SEED = 1;
    private static final long REQUESTS = Long.getLong("dyad.siege.requests", 1_000_000);
    private static final long SEED = Long.getLong("dyad.siege.seed", FIRST_SEED);
    private static final long GROWTH_BYTES = 96L << 20;
    private static final int GROWTH_THREADS = 50;
    @TempDir private Path dir;

    @Test void a_million_requests_leave_the_cluster_as_it_was() throws IOException {
        try (var cluster = BesiegedCluster.open(dir)) {
            var requests = new HostileRequests(new SplittableRandom(SEED));
            siege(cluster, requests, REQUESTS / 10);
            long heap = usedBytes();
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            long began = System.nanoTime();
            siege(cluster, requests, REQUESTS - REQUESTS / 10);
            System.out.printf("siege: seed %d, %d results, %d refusals, %d ms, heap %d -> %d KiB, threads %d -> %d%n", SEED, cluster.results(), cluster.refusals(),
                Duration.ofNanos(System.nanoTime() - began).toMillis(), heap >> 10, usedBytes() >> 10, threads, ManagementFactory.getThreadMXBean().getThreadCount());
            System.out.println("siege: never let in: " + cluster.neverLetIn());
            assertThat(cluster.neverRefused()).as("never refused").isEmpty();
            assertThat(cluster.results()).as("let in").isGreaterThan(REQUESTS / 100);
            assertThat(cluster.refusals()).as("refused").isGreaterThan(REQUESTS / 2);
            assertThat(usedBytes()).isLessThan(heap + GROWTH_BYTES);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threads + GROWTH_THREADS);
        }
    }

    private static void siege(BesiegedCluster cluster, HostileRequests requests, long count) {
        for (long i = 0; i < count; i++) cluster.ask(requests.next());
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
