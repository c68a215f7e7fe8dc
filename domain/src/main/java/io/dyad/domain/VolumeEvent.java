package io.dyad.domain;

import java.time.Instant;
import java.util.Map;

/** What happened to a volume. */
public sealed interface VolumeEvent extends Event {
    VolumeId id();

    @Override default String aggregate() { return "volume/" + id(); }

    record VolumeCreated(Volume volume) implements VolumeEvent {
        @Override public VolumeId id() { return volume.id(); }
    }

    record VolumeAccessChanged(VolumeId id, Access from, Access to) implements VolumeEvent { }

    record VolumeGrown(VolumeId id, long sizeBytes) implements VolumeEvent { }

    record VolumeReassigned(VolumeId id, AccountId account) implements VolumeEvent { }

    record VolumeLabelled(VolumeId id, Volume.Qos qos, Map<String, Object> attributes) implements VolumeEvent { }

    record VolumeDeleted(VolumeId id, Instant at, Instant purgeAt) implements VolumeEvent { }

    record VolumeRestored(VolumeId id) implements VolumeEvent { }

    record VolumePurged(VolumeId id) implements VolumeEvent { }
}
