package io.dyad.testkit.sim.check;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * I7: whoever cannot reach its peer backs off, though it tries soon at first, and again when an operator resumes: at most {@value #MOST} attempts in any second, and {@value #MOST_AT_ALL} with those that
 * came to a session, which operators may end at any time.
 */
public final class Dials {
    static final int MOST = 10;
    static final int MOST_AT_ALL = 12;
    private static final long SECOND_NS = 1_000_000_000L;
    private final Deque<Long> recentNs = new ArrayDeque<>();
    private int inVain;

    /** Another attempt. */
    public @Nullable String wrong(long nowNs) {
        recentNs.add(nowNs);
        while (recentNs.getFirst() <= nowNs - SECOND_NS) recentNs.removeFirst();
        inVain = Math.min(inVain + 1, recentNs.size());
        return inVain <= MOST && recentNs.size() <= MOST_AT_ALL ? null : recentNs.size() + " attempts to connect within a second, the last " + inVain + " in vain";
    }

    /** The last attempt was not in vain. */
    public void reached() { inVain = 0; }

    /** The process is another one. */
    public void restarted() {
        recentNs.clear();
        inVain = 0;
    }
}
