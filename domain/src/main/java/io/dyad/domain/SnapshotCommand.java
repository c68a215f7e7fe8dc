package io.dyad.domain;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What a volume's snapshots are asked. */
public sealed interface SnapshotCommand extends Command {
    VolumeId volume();

    @Override default String aggregate() { return "snapshots/" + volume(); }

    /** Somebody wants a cut; it is made once this is stored. */
    record TakeSnapshot(Snapshot draft) implements SnapshotCommand {
        @Override public VolumeId volume() { return draft.volume(); }
    }

    /** The other end of the pair has this snapshot and means to ship it, or says more of one whose blocks came first. */
    record ExpectSnapshot(Snapshot draft) implements SnapshotCommand {
        @Override public VolumeId volume() { return draft.volume(); }
    }

    /** The volume store holds this cut already, whether there is room or not. */
    record KeepSnapshot(Snapshot draft) implements SnapshotCommand {
        @Override public VolumeId volume() { return draft.volume(); }
    }

    /** The cut is whole and durable here. */
    record CompleteSnapshot(VolumeId volume, UUID uuid, Instant at) implements SnapshotCommand { }

    /** The cut was not made, or will not come. */
    record AbandonSnapshot(VolumeId volume, UUID uuid) implements SnapshotCommand { }

    /** Empty members stay as they are. */
    record ModifySnapshot(VolumeId volume, SnapshotId id, Optional<Boolean> replicated, Optional<Instant> expires, Optional<String> label) implements SnapshotCommand { }

    /** The snapshot outlives its group. */
    record UngroupSnapshot(VolumeId volume, SnapshotId id) implements SnapshotCommand { }

    /** {@code remember}: the other end may hold it and is not to ship it again. */
    record DeleteSnapshot(VolumeId volume, SnapshotId id, Deletion why, boolean remember) implements SnapshotCommand { }

    /** The other end holds these no more. */
    record ForgetDeleted(VolumeId volume, Set<UUID> uuids) implements SnapshotCommand {
        public ForgetDeleted { uuids = Set.copyOf(uuids); }
    }

    /** The volume was purged. */
    record CloseSnapshots(VolumeId volume) implements SnapshotCommand { }

    /** LOST: the volume store does not hold it any more. */
    enum Deletion { ASKED, EXPIRED, MADE_ROOM, LOST }
}
