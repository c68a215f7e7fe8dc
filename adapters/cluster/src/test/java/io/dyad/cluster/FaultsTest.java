package io.dyad.cluster;

import static io.dyad.cluster.SnapshotTest.LOCAL;
import static io.dyad.cluster.TwoClusters.TEST;
import static io.dyad.cluster.TwoClusters.await;
import static io.dyad.cluster.TwoClusters.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.FaultCode;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is amiss with replication is a fault of real clusters for as long as it is so, and among the resolved ones after. */
class FaultsTest {
    private static TwoClusters mirrored(Path dir) throws Exception {
        TwoClusters two = new TwoClusters(dir, a -> a.asyncDelayLimit(Duration.ofSeconds(1)));
        two.pairClusters();
        two.createVolumes();
        two.pairVolumes();
        two.awaitActive();
        return two;
    }

    private static boolean has(Cluster c, FaultCode code) { return c.history().faults().stream().anyMatch(f -> f.code() == code); }

    private static void shows(Cluster c, FaultCode code) { await(code + " is shown", () -> has(c, code)); }

    private static void clears(Cluster c, FaultCode code) {
        await(code + " is cleared", () -> !has(c, code));
        assertThat(c.history().resolvedFaults()).extracting(r -> r.fault().code()).contains(code);
    }

    @Test void a_cut_shows_on_both_ends_and_a_target_that_falls_behind_on_its_source(@TempDir Path dir) throws Exception {
        try (TwoClusters two = mirrored(dir)) {
            assertThat(two.a.history().faults()).isEmpty();
            two.a.cutLinks();
            two.write(two.a, two.va, 10);
            shows(two.a, FaultCode.DISCONNECTED_CLUSTER_PAIR);
            shows(two.b, FaultCode.DISCONNECTED_CLUSTER_PAIR);
            shows(two.a, FaultCode.ASYNC_DELAY_EXCEEDED);
            assertThat(has(two.b, FaultCode.ASYNC_DELAY_EXCEEDED)).as("a target lags behind nobody").isFalse();
            two.a.healLinks();
            two.awaitActive();
            clears(two.a, FaultCode.DISCONNECTED_CLUSTER_PAIR);
            clears(two.b, FaultCode.DISCONNECTED_CLUSTER_PAIR);
            clears(two.a, FaultCode.ASYNC_DELAY_EXCEEDED);
        }
    }

    @Test void a_target_that_holds_too_many_snapshots_shows_until_it_has_room(@TempDir Path dir) throws Exception {
        try (TwoClusters two = mirrored(dir)) {
            SnapshotId one = two.b.snapshots().take(two.vb, LOCAL, false, TEST).snapshot().id();
            for (int i = 1; i < 32; i++) two.b.snapshots().take(two.vb, LOCAL, false, TEST);
            two.a.snapshots().take(two.va, new Terms("nightly", true, Optional.empty(), Optional.empty(), Map.of()), false, TEST);
            await("it is paused", () -> state(two.a, two.va).equals("PausedExceededMaxSnapshotCount"));
            shows(two.a, FaultCode.SNAPSHOTS_EXCEEDED_LIMIT);
            two.b.snapshots().delete(one, TEST);
            two.awaitActive();
            clears(two.a, FaultCode.SNAPSHOTS_EXCEEDED_LIMIT);
        }
    }
}
