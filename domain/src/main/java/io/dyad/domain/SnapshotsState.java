package io.dyad.domain;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The snapshots of one volume. */
public sealed interface SnapshotsState extends State {
    /** The volume has none. */
    record Bare() implements SnapshotsState { }

    /**
     * The volume has snapshots, or remembers some that were deleted here and that the other end may still hold: it is not
     * to ship them again.
     */
    record Holding(Map<SnapshotId, Snapshot> snapshots, Set<UUID> deleted) implements SnapshotsState {
        public Holding {
            snapshots = Map.copyOf(snapshots);
            deleted = Set.copyOf(deleted);
        }

        Optional<Snapshot> find(SnapshotId id) { return Optional.ofNullable(snapshots.get(id)); }

        Optional<Snapshot> find(UUID uuid) { return snapshots.values().stream().filter(s -> s.uuid().equals(uuid)).findFirst(); }
    }

    /** The volume is gone and its snapshots with it. */
    record Closed() implements SnapshotsState { }
}
