package io.dyad.testkit.model;

import java.util.Optional;

/** A volume that is active or deleted; a purged one is in no map. */
public record Volume(long id, long accountId, String name, long sizeBytes, String access, boolean deleted, Optional<VolumeHalf> pair) {
    private static final long MIB = 1L << 20;

    /** Sizes are rounded up to 1 MiB. */
    public static long rounded(long bytes) { return (bytes + MIB - 1) / MIB * MIB; }

    Volume withSize(long bytes) { return new Volume(id, accountId, name, bytes, access, deleted, pair); }

    Volume withAccess(String next) { return new Volume(id, accountId, name, sizeBytes, next, deleted, pair); }

    Volume withDeleted(boolean next) { return new Volume(id, accountId, name, sizeBytes, access, next, pair); }

    Volume withPair(VolumeHalf next) { return new Volume(id, accountId, name, sizeBytes, access, deleted, Optional.of(next)); }

    Volume unpaired() { return new Volume(id, accountId, name, sizeBytes, access, deleted, Optional.empty()); }

    boolean in(Phase phase) { return pair.filter(p -> p.phase() == phase).isPresent(); }
}
