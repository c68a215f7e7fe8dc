package io.dyad.domain;

import io.dyad.domain.SnapshotCommand.Deletion;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** What happened to a volume's snapshots. */
public sealed interface SnapshotEvent extends Event {
    VolumeId volume();

    @Override default String aggregate() { return "snapshots/" + volume(); }

    record SnapshotAnnounced(Snapshot snapshot) implements SnapshotEvent {
        @Override public VolumeId volume() { return snapshot.volume(); }
    }

    record SnapshotExpected(Snapshot snapshot) implements SnapshotEvent {
        @Override public VolumeId volume() { return snapshot.volume(); }
    }

    record SnapshotKept(Snapshot snapshot) implements SnapshotEvent {
        @Override public VolumeId volume() { return snapshot.volume(); }
    }

    record SnapshotDescribed(VolumeId volume, SnapshotId id, Snapshot as) implements SnapshotEvent { }

    record SnapshotCompleted(VolumeId volume, SnapshotId id, UUID uuid, Instant at) implements SnapshotEvent { }

    record SnapshotAbandoned(VolumeId volume, SnapshotId id, UUID uuid) implements SnapshotEvent { }

    record SnapshotModified(VolumeId volume, SnapshotId id, Snapshot.Terms terms) implements SnapshotEvent { }

    record SnapshotUngrouped(VolumeId volume, SnapshotId id) implements SnapshotEvent { }

    record SnapshotDeleted(VolumeId volume, SnapshotId id, UUID uuid, Deletion why, boolean remembered) implements SnapshotEvent { }

    record DeletedForgotten(VolumeId volume, Set<UUID> uuids) implements SnapshotEvent { }

    record SnapshotsClosed(VolumeId volume) implements SnapshotEvent { }
}
