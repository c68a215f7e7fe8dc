package io.dyad.cluster;

import static io.dyad.cluster.TwoClusters.TEST;
import static io.dyad.cluster.TwoClusters.await;
import static io.dyad.cluster.TwoClusters.digest;
import static io.dyad.cluster.TwoClusters.state;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverloadTest {
    private static void rate(TwoClusters two, long bytesPerSecond) {
        Map<String, Object> attributes = Map.of("dyad.rateBytesPerSecond", bytesPerSecond);
        two.a.modifyVolume(two.va, new VolumeChange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(attributes)), TEST);
    }

    @Test void a_host_that_is_faster_than_its_rate_is_not_held_up_and_the_pause_shows_and_clears_by_itself(@TempDir Path dir) throws Exception {
        try (TwoClusters two = new TwoClusters(dir, a -> a.ringBudget(1 << 20))) {
            two.pairClusters();
            two.createVolumes();
            two.pairVolumes();
            two.awaitActive();
            rate(two, 100_000);
            long before = System.nanoTime();
            two.write(two.a, two.va, 300);
            assertThat(System.nanoTime() - before).as("5 MB at 100 kB/s would take 50 s").isLessThan(20_000_000_000L);
            await("the pause shows on both ends", () -> state(two.a, two.va).equals("PausedQoS") && state(two.b, two.vb).equals("PausedQoS"));
            VolumeStats.Replication lag = two.a.stats(two.va).replication();
            assertThat(lag.lagBytes()).isBetween(1_000_000L, 6_000_000L);
            assertThat(lag.oldestUnreplicated()).isPositive();
            assertThat(lag.shippedPayloadBytes()).isPositive();
            rate(two, 1_000_000_000);
            two.awaitActive();
            await("nothing is lacking", () -> two.a.stats(two.va).replication().lagBytes() == 0);
            assertThat(two.a.stats(two.va).asyncDelay().orElseThrow()).isZero();
            assertThat(digest(two.b, two.vb)).isEqualTo(digest(two.a, two.va));
        }
    }
}
