package io.dyad.replication.pairing;

import io.dyad.domain.ClusterPairCommand.ReportLink;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.Command;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.FaultsCommand;
import io.dyad.domain.Milestone;
import io.dyad.domain.RefusedException;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairCommand.ReportMilestone;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * What the data plane, the links and the watch have seen, on its way into the log as commands: in its own time, and what comes
 * often once in a while. What became of a volume or a pair that is gone meanwhile is dropped. Any thread.
 */
final class Sightings {
    private static final Cause REPLICATION = new Cause("system", "replication");
    private final ClusterNode node;
    private final VolumeSnapshots snapshots;
    private final Ticker ticker;
    private final Later later;
    private final Debounce debounce = new Debounce();

    Sightings(ClusterNode node, VolumeSnapshots snapshots, Ticker ticker, Later later) {
        this.node = node;
        this.snapshots = snapshots;
        this.ticker = ticker;
        this.later = later;
    }

    /** At most one of a kind in 10 s, with how many there were. */
    void milestone(VolumeId volume, UUID pair, Milestone milestone, String detail) {
        debounce.say(List.of(volume, milestone), ticker.nowNs(), count -> execute(new ReportMilestone(volume, pair, milestone, detail, count), REPLICATION));
    }

    /** A link went up or down; what it is when it is told is told. */
    void link(UUID clusterPair, ClusterPairId id, BooleanSupplier up) {
        debounce.say(clusterPair, ticker.nowNs(), count -> execute(new ReportLink(id, up.getAsBoolean(), count), new Cause("system", "link")));
    }

    void fault(FaultsCommand said) { execute(said, new Cause("system", "watch")); }

    /** A snapshot of the other end is whole and durable here. */
    void snapshotArrived(VolumeId volume, UUID uuid) { note(() -> snapshots.arrived(volume, uuid, REPLICATION)); }

    /** What a resync was about to overwrite here was kept, durably. */
    void snapshotKept(VolumeId volume, UUID uuid, long blocks, Optional<UUID> gone) { note(() -> snapshots.kept(volume, uuid, blocks, gone, REPLICATION)); }

    private void execute(Command seen, Cause cause) { note(() -> node.execute(seen, cause)); }

    void note(Runnable seen) {
        later.run(0, () -> {
            try {
                seen.run();
            } catch (RefusedException e) {
                // the volume or the pair is gone meanwhile
            }
        });
    }

    /** What was held back is told when it is time; about once a second. */
    void tick() { debounce.tick(ticker.nowNs()); }
}
