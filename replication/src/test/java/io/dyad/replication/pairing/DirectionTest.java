package io.dyad.replication.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.Mode;
import io.dyad.domain.PeerVolume;
import io.dyad.domain.ReplicationMode;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.replication.Overload;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.PairEndpoint.Role;
import io.dyad.replication.PairEndpoint.Status;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DirectionTest {
    private static final long GIB = 1L << 30;

    private static Direction.Facts facts(Access own, long ownBytes, long peerBytes, String peerState) {
        Volume volume = new Volume(new VolumeId(1), new UUID(0, 1), new AccountId(1), "v", ownBytes, own, true, Volume.Qos.DEFAULT, Map.of(), Instant.EPOCH);
        Access other = own == Access.READ_WRITE ? Access.REPLICATION_TARGET : Access.READ_WRITE;
        Half half = new Half(new UUID(0, 2), new ClusterPairId(1), new PeerVolume(2, "w", other, peerBytes, false, false), new ReplicationMode(Mode.ASYNC, 1));
        return new Direction.Facts(volume, false, half, false, false, true, peerState, false);
    }

    private static Status status(Role role, Flow flow, Overload overload, String refused) {
        return new Status(role == Role.SOURCE ? Access.READ_WRITE : Access.REPLICATION_TARGET, role, flow, false, refused, overload, 0, 0, 0);
    }

    private static String source(Flow flow, Overload overload) { return Direction.state(facts(Access.READ_WRITE, GIB, GIB, ""), status(Role.SOURCE, flow, overload, "")); }

    @Test void an_overload_shows_who_was_slow_while_the_source_catches_up_and_no_longer() {
        assertThat(source(Flow.TRANSFER, Overload.LINK)).isEqualTo("PausedSlowLink");
        assertThat(source(Flow.CATCHING_UP, Overload.LIMIT)).isEqualTo("PausedQoS");
        assertThat(source(Flow.TRANSFER, Overload.NONE)).isEqualTo("ResumingDataTransfer");
        assertThat(source(Flow.ACTIVE, Overload.NONE)).isEqualTo("Active");
    }

    @Test void a_target_repeats_what_its_source_says_of_an_overload() {
        Direction.Facts slow = facts(Access.REPLICATION_TARGET, GIB, GIB, "PausedSlowLink");
        assertThat(Direction.state(slow, status(Role.TARGET, Flow.TRANSFER, Overload.NONE, ""))).isEqualTo("PausedSlowLink");
        Direction.Facts quiet = facts(Access.REPLICATION_TARGET, GIB, GIB, "ResumingDataTransfer");
        assertThat(Direction.state(quiet, status(Role.TARGET, Flow.ACTIVE, Overload.NONE, ""))).isEqualTo("ResumingDataTransfer");
        Direction.Facts active = facts(Access.REPLICATION_TARGET, GIB, GIB, "Active");
        assertThat(Direction.state(active, status(Role.TARGET, Flow.ACTIVE, Overload.NONE, ""))).isEqualTo("Active");
    }

    @Test void a_full_target_shows_until_it_streams_again() {
        Direction.Facts f = facts(Access.READ_WRITE, GIB, GIB, "");
        assertThat(Direction.state(f, status(Role.SOURCE, Flow.TRANSFER, Overload.NONE, PairEndpoint.TARGET_FULL))).isEqualTo("PausedClusterFull");
    }

    @Test void a_source_that_has_outgrown_its_target_waits_and_one_that_is_smaller_does_not() {
        assertThat(Direction.state(facts(Access.READ_WRITE, 2 * GIB, GIB, ""), status(Role.SOURCE, Flow.ACTIVE, Overload.NONE, ""))).isEqualTo("PausedVolumeSizeMismatch");
        assertThat(Direction.state(facts(Access.READ_WRITE, GIB, 2 * GIB, ""), status(Role.SOURCE, Flow.ACTIVE, Overload.NONE, ""))).isEqualTo("Active");
    }
}
