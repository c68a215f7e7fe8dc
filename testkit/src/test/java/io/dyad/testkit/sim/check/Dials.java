package io.dyad.testkit.sim.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * I7: whoever cannot reach its peer backs off, though it tries soon at first, and again when an operator resumes: at most {@value #MOST} attempts in any second, and {@value #MOST_AT_ALL} with those that
 * came to a session, which operators may end at any time. Of one pair: one that is made anew knows nothing of what became of the last.
 */
public final class Dials {
    static final int MOST = 10;
    static final int MOST_AT_ALL = 12;
    private static final long SECOND_NS = 1_000_000_000L;
    private final Map<UUID, Attempts> pairs = new HashMap<>();

    /** Of one pair: when they were made, as far as it is no second ago, and how many of the last were in vain. */
    private static final class Attempts {
        final Deque<Long> recentNs = new ArrayDeque<>();
        int inVain;

        @Nullable String another(long nowNs) {
            recentNs.add(nowNs);
            while (recentNs.getFirst() <= nowNs - SECOND_NS) recentNs.removeFirst();
            inVain = Math.min(inVain + 1, recentNs.size());
            return inVain <= MOST && recentNs.size() <= MOST_AT_ALL ? null : recentNs.size() + " attempts to connect within a second, the last " + inVain + " in vain";
        }
    }

    /** Another attempt. */
    public @Nullable String wrong(UUID pair, long nowNs) { return of(pair).another(nowNs); }

    /** The last attempt was not in vain. */
    public void reached(UUID pair) { of(pair).inVain = 0; }

    private Attempts of(UUID pair) { return pairs.computeIfAbsent(pair, p -> new Attempts()); }

    /** The process is another one. */
    public void restarted() { pairs.clear(); }
}
