package io.dyad.replication;

import java.io.IOException;
import java.util.List;
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

    /**
     * {@code spare}: the snapshots of earlier rescues. One of a session that could not go on holds all of it already; else the first gives way
     * when there is no room for another.
     */
    void keep(long blocks, List<UUID> spare) throws IOException {
        if (volume.cuts().holdNow(spare)) return;
        Optional<UUID> gone = Optional.empty();
        Set<UUID> held = volume.cuts().names();
        if (held.size() >= Snapshots.MAX) {
            gone = spare.stream().filter(held::contains).findFirst();
            volume.cuts().delete(gone.orElseThrow(() -> new SnapshotLimitException("volume " + volume.id() + " holds " + held.size() + " snapshots and none may go")));
        }
        UUID kept = freshIds.get();
        volume.cuts().keep(kept);
        listener.snapshotKept(kept, blocks, gone);
    }
}
