package io.dyad.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.cluster.Cluster.PairedCluster;
import io.dyad.cluster.FaultWatch.Key;
import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.Fault;
import io.dyad.domain.FaultCode;
import io.dyad.domain.FaultsCommand.ClearFault;
import io.dyad.domain.FaultsCommand.RaiseFault;
import io.dyad.domain.Mode;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultWatchTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Key LINK = new Key(FaultCode.DISCONNECTED_CLUSTER_PAIR, "cluster-pair/1");
    private static final Fault BOOKED = new Fault(1, LINK.code(), LINK.subject(), "it is Disconnected", NOON);
    private final FaultWatch watch = new FaultWatch();

    @Test void what_is_amiss_is_raised_once_and_what_is_mended_is_cleared() {
        assertThat(watch.changes(List.of(), Map.of(LINK, "down"), NOON)).containsExactly(new RaiseFault(LINK.code(), LINK.subject(), "down", NOON));
        assertThat(watch.changes(List.of(BOOKED), Map.of(LINK, "down"), NOON.plusSeconds(20))).isEmpty();
        assertThat(watch.changes(List.of(BOOKED), Map.of(), NOON.plusSeconds(30))).containsExactly(new ClearFault(LINK.code(), LINK.subject(), NOON.plusSeconds(30)));
    }

    @Test void what_comes_and_goes_is_told_at_most_once_in_ten_seconds() {
        watch.changes(List.of(), Map.of(LINK, "down"), NOON);
        assertThat(watch.changes(List.of(BOOKED), Map.of(), NOON.plusMillis(9_999))).isEmpty();
        assertThat(watch.changes(List.of(BOOKED), Map.of(), NOON.plusMillis(10_000))).hasSize(1);
    }

    @Test void one_that_flaps_does_not_keep_another_quiet() {
        watch.changes(List.of(), Map.of(LINK, "down"), NOON);
        var full = new Key(FaultCode.CLUSTER_FULL, "volume/7");
        assertThat(watch.changes(List.of(BOOKED), Map.of(LINK, "down", full, "full"), NOON.plusSeconds(1))).containsExactly(new RaiseFault(full.code(), full.subject(), "full", NOON.plusSeconds(1)));
    }

    @ParameterizedTest @CsvSource({"Disconnected,true", "Misconfigured,true", "Connected,false", "Unconfigured,false"})
    void a_pair_of_clusters_is_amiss_while_it_is_apart(String status, boolean amiss) {
        var pair = new PairedCluster(new ClusterPairId(1), UUID.randomUUID(), "DR", "bgn0", "127.0.0.1", "12.5.0.0", status, 1);
        assertThat(FaultWatch.wrong(List.of(pair), List.of(), id -> Optional.empty(), Duration.ofSeconds(1)).containsKey(LINK)).isEqualTo(amiss);
    }

    @ParameterizedTest
    @CsvSource({"PausedClusterFull,ASYNC,CLUSTER_FULL", "PausedClusterFull,SYNC,CLUSTER_FULL", "PausedClusterFull,SNAPSHOTS_ONLY,SNAPSHOT_CLUSTER_FULL",
        "PausedExceededMaxSnapshotCount,ASYNC,SNAPSHOTS_EXCEEDED_LIMIT", "PausedManual,ASYNC,", "Active,ASYNC,"})
    void a_pair_of_volumes_is_amiss_when_its_target_has_no_room(String state, Mode mode, FaultCode code) {
        var wrong = FaultWatch.wrong(List.of(), List.of(volume(state, mode)), id -> Optional.empty(), Duration.ofSeconds(1));
        assertThat(wrong.keySet()).isEqualTo(code == null ? Set.of() : Set.of(new Key(code, "volume/7")));
    }

    @ParameterizedTest @CsvSource({"60000,false", "60001,true"})
    void a_pair_of_volumes_is_amiss_when_its_target_is_further_behind_than_allowed(long millis, boolean amiss) {
        var wrong = FaultWatch.wrong(List.of(), List.of(volume("Active", Mode.ASYNC)), id -> Optional.of(Duration.ofMillis(millis)), Duration.ofMinutes(1));
        assertThat(wrong.containsKey(new Key(FaultCode.ASYNC_DELAY_EXCEEDED, "volume/7"))).isEqualTo(amiss);
    }

    private static VolumeInfo volume(String state, Mode mode) {
        var volume = new Volume(new VolumeId(7), UUID.randomUUID(), new AccountId(1), "v", 1 << 30, Access.READ_WRITE, false, Volume.Qos.DEFAULT, Map.of(), NOON);
        return new VolumeInfo(volume, Optional.empty(), Optional.empty(), Optional.of(new VolumeInfo.Pair(UUID.randomUUID(), Optional.of(new ClusterPairId(1)), 12, "w", mode, state, "", true, 0, 0)));
    }
}
