package io.dyad.testkit.sim.check;

import org.jspecify.annotations.Nullable;

/** I7: PausedClusterFull is only shown of a pair of which a disk is full, or was at most a minute ago; the pause ends by itself. */
public final class FullDisks {
    private static final long MOST_NS = 60_000_000_000L;

    private FullDisks() { }

    /** {@code roomForNs}: for how long both disks have had room. */
    public static @Nullable String wrong(String state, long roomForNs) {
        return state.equals("PausedClusterFull") && roomForNs > MOST_NS ? state + ", though both disks have had room for " + roomForNs / 1_000_000 + " ms" : null;
    }
}
