package io.dyad.testkit.sim.check;

import org.jspecify.annotations.Nullable;

/** SnapshotsOnly: no write leaves its source but as part of a snapshot. Knows of one pipe. */
public final class LiveWrites {
    private boolean stay;

    /** {@code only}: the pair of the end that sends this ships nothing but snapshots now. A session that has begun otherwise goes on. */
    public @Nullable String wrong(byte[] bytes, boolean only) {
        Wire frame = Wire.of(bytes);
        return switch (frame.type()) {
            case Wire.ATTACH -> {
                stay = only;
                yield null;
            }
            case Wire.WRITES -> stay ? "a live write, though only snapshots are to be shipped" : null;
            case Wire.END    -> stay && frame.name().isEmpty() ? "an epoch that is no snapshot, though only those are to be shipped" : null;
            default          -> null;
        };
    }
}
