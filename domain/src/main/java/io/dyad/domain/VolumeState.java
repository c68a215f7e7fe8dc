package io.dyad.domain;

import java.time.Instant;

/** A volume on this cluster. */
public sealed interface VolumeState extends State {
    /** Nobody has created it. */
    record Absent() implements VolumeState { }

    /** It exists and serves within its access. */
    record Active(Volume volume) implements VolumeState { }

    /** Deleted, restorable until it is purged. */
    record Deleted(Volume volume, Instant at, Instant purgeAt) implements VolumeState { }

    /** It is gone with its blocks; its number is not used again. */
    record Purged(VolumeId id) implements VolumeState { }
}
