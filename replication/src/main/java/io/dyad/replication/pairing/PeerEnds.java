package io.dyad.replication.pairing;

import io.dyad.replication.Standing;
import io.dyad.replication.pairing.PeerMessage.PairReport;
import io.dyad.replication.pairing.PeerMessage.SnapshotsReport;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the other ends of volume pairs said last, by the pair. It is known only while this process runs, from the first report of
 * such an end on: nothing is shown or shipped from memory, nor from what the end of an earlier pair had said. Any thread.
 */
final class PeerEnds {
    private final Map<UUID, PairReport> said = new ConcurrentHashMap<>();

    /** Takes in what an end says; true when it says something new of its snapshots. */
    boolean hear(PairReport report) {
        PairReport before = said.put(report.volumePairUuid(), report);
        return before == null || !before.snapshots().equals(report.snapshots());
    }

    /** The other end knows of no such pair. */
    void forget(UUID pair) { said.remove(pair); }

    /** There are no other pairs here any more. */
    void keep(Set<UUID> pairs) { said.keySet().retainAll(pairs); }

    /** What it shows of its session: in sync, overloaded, or nothing; only meaningful while the link is up. */
    String phase(UUID pair) { return of(pair).map(PairReport::phase).orElse(""); }

    /** Where it stands. */
    Standing standing(UUID pair) { return of(pair).map(PairReport::standing).orElse(Standing.none()); }

    /** Its replicated snapshots; empty until it has said. */
    Optional<SnapshotsReport> snapshots(UUID pair) { return of(pair).map(PairReport::snapshots); }

    private Optional<PairReport> of(UUID pair) { return Optional.ofNullable(said.get(pair)); }
}
