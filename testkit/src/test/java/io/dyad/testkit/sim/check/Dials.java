package io.dyad.testkit.sim.check;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** I7: whoever cannot reach its peer backs off: at most {@value #MOST} attempts in any second. */
public final class Dials {
    static final int MOST = 6;
    private static final long SECOND_NS = 1_000_000_000L;
    private final Deque<Long> recentNs = new ArrayDeque<>();

    /** An attempt that failed, or whose pipe ended. */
    public @Nullable String wrong(long nowNs) {
        recentNs.add(nowNs);
        while (recentNs.getFirst() <= nowNs - SECOND_NS) recentNs.removeFirst();
        return recentNs.size() <= MOST ? null : recentNs.size() + " attempts to connect within a second";
    }

    /** The process is another one. */
    public void restarted() { recentNs.clear(); }
}
