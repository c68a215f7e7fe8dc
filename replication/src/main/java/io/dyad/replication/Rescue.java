package io.dyad.replication;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Keeps what only this end may hold, as a snapshot, before a resync overwrites it. One owner thread. */
final class Rescue {
    private final ReplicatedVolume volume;
    private final PairListener listener;
    private final Supplier<UUID> freshIds;

    Rescue(ReplicatedVolume volume, PairListener listener, Supplier<UUID> freshIds) {
        this.volume = volume;
        this.listener = listener;
        this.freshIds = freshIds;
    }

    /** What was kept for a session that could not go on holds it all still. Where there is no room for another the oldest spare one gives way. */
    void keep(long blocks, SnapshotPlan plan) throws IOException {
        VolumeCuts cuts = volume.cuts();
        if (cuts.holdNow(plan.spare())) return;
        Set<UUID> held = cuts.names();
        Optional<UUID> gone = plan.full(held) ? plan.spare().stream().filter(held::contains).findFirst() : Optional.empty();
        if (gone.isPresent()) cuts.delete(gone.get());
        else if (held.size() >= Snapshots.MAX) throw new SnapshotLimitException("volume " + volume.id() + " holds " + held.size() + " snapshots and none may go");
        UUID kept = freshIds.get();
        cuts.keep(kept);
        listener.snapshotKept(kept, blocks, gone);
    }
}
