package io.dyad.replication.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.domain.PeerVolume;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairCommand.AcceptPair;
import io.dyad.domain.VolumePairCommand.RemovePair;
import io.dyad.replication.PairEndpoint.Role;
import io.dyad.replication.Standing;
import io.dyad.replication.pairing.PeerMessage.PairReport;
import io.dyad.replication.pairing.PeerMessage.SnapshotReport;
import io.dyad.replication.pairing.PeerMessage.SnapshotsReport;
import io.dyad.replication.pairing.SnapshotExchange.Remote;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is known of the other end's snapshots: what it said, and nothing that the other end of an earlier pair had said. */
class SnapshotExchangeTest {
    private static final Cause TEST = new Cause("test", "test");
    private final MemoryLog log = new MemoryLog();
    private final ClusterNode node = log.node();
    private final SnapshotExchange exchange = new SnapshotExchange(node, MemoryLog.ticker());
    private final VolumeId volume = volume();
    private final UUID name = UUID.randomUUID();

    private VolumeId volume() {
        node.form("east", "abcd");
        AccountId owner = node.people().addAccount("shop", Map.of(), TEST);
        return node.createVolume(id -> new Volume(id, UUID.randomUUID(), owner, "db", 1_000_000_000L, Access.READ_WRITE, false, Volume.Qos.DEFAULT, Map.of(), Instant.EPOCH), TEST);
    }

    private UUID pair() {
        UUID pair = node.startVolumePairing(volume, Mode.ASYNC, TEST);
        node.execute(new AcceptPair(volume, pair, new ClusterPairId(1), new PeerVolume(7, "db", Access.REPLICATION_TARGET, 1_000_000_000L, false, false)), TEST);
        return pair;
    }

    private PairReport says(UUID pair, SnapshotReport... held) {
        return new PairReport(pair, 7, "db", "REPLICATION_TARGET", 1_000_000_000L, false, false, "ASYNC", 1, "Active",
            new SnapshotsReport(List.of(held), List.of(), false), Standing.none());
    }

    private SnapshotReport holds() { return new SnapshotReport(name, "nightly", 5, 0, "", Map.of(), 1_000_000_000L, "", true); }

    private Remote remote() {
        var terms = new Snapshot.Terms("nightly", true, Optional.empty(), Optional.empty(), Map.of());
        var snapshot = new Snapshot(new io.dyad.domain.SnapshotId(1), name, volume, terms, 1_000_000_000L, Snapshot.Origin.TAKEN, Snapshot.Phase.DONE, Optional.empty(),
            UUID.randomUUID(), Instant.EPOCH, Instant.EPOCH);
        return exchange.remote(snapshot, Role.SOURCE, true, false);
    }

    @Test void nothing_is_known_until_the_other_end_has_spoken() {
        UUID pair = pair();
        assertThat(remote()).isEqualTo(Remote.UNKNOWN);
        exchange.ends().hear(says(pair, holds()));
        assertThat(remote()).isEqualTo(Remote.PRESENT);
        exchange.ends().forget(pair);
        assertThat(remote()).isEqualTo(Remote.UNKNOWN);
    }

    @Test void what_the_other_end_of_an_earlier_pair_held_says_nothing_of_the_new_one() {
        exchange.ends().hear(says(pair(), holds()));
        node.execute(new RemovePair(volume), TEST);
        UUID next = pair();
        assertThat(remote()).isEqualTo(Remote.UNKNOWN);
        assertThat(exchange.ends().phase(next)).isEmpty();
        exchange.ends().hear(says(next));
        assertThat(remote()).isEqualTo(Remote.NOT_PRESENT);
    }

    @Test void only_what_is_said_anew_of_snapshots_is_news_of_them() {
        UUID pair = pair();
        assertThat(exchange.ends().hear(says(pair))).as("the first word").isTrue();
        assertThat(exchange.ends().hear(says(pair))).as("the same again").isFalse();
        assertThat(exchange.ends().hear(says(pair, holds()))).isTrue();
        exchange.ends().keep(Set.of());
        assertThat(exchange.ends().hear(says(pair, holds()))).as("of a pair that was gone").isTrue();
    }
}
