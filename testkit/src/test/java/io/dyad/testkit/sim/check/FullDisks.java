package io.dyad.testkit.sim.check;

import org.jspecify.annotations.Nullable;

/** I7: a pair of which both disks have had room for a minute does not go on showing PausedClusterFull. */
public final class FullDisks {
    private static final long MOST_NS = 60_000_000_000L;
    private long shownSinceNs = -1;

    /** {@code roomForNs}: for how long both disks have had room. */
    public @Nullable String wrong(String state, long roomForNs, long nowNs) {
        if (!state.equals("PausedClusterFull")) shownSinceNs = -1;
        else if (shownSinceNs < 0) shownSinceNs = nowNs;
        if (shownSinceNs < 0 || Math.min(roomForNs, nowNs - shownSinceNs) <= MOST_NS) return null;
        return state + ", though both disks have had room for " + roomForNs / 1_000_000 + " ms";
    }

    /** What a new process shows is another matter. */
    public void restarted() { shownSinceNs = -1; }
}
