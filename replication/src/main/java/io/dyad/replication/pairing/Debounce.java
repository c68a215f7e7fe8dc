package io.dyad.replication.pairing;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/** Lets the same thing be said at most once in 10 s, with a count of how often it was meant. Safe for any thread. */
final class Debounce {
    private static final long QUIET_NS = 10_000_000_000L;
    private final Map<Object, Said> said = new HashMap<>();

    private static final class Said {
        long atNs;
        int since;
        IntConsumer again = count -> { };
    }

    synchronized void say(Object key, long nowNs, IntConsumer what) {
        Said last = said.get(key);
        if (last == null) {
            last = new Said();
            last.atNs = nowNs;
            said.put(key, last);
            what.accept(1);
            return;
        }
        last.since++;
        last.again = what;
        tell(last, nowNs);
    }

    /** Says what has been held back for long enough. */
    synchronized void tick(long nowNs) { said.values().forEach(s -> tell(s, nowNs)); }

    private static void tell(Said s, long nowNs) {
        if (s.since == 0 || nowNs - s.atNs < QUIET_NS) return;
        int count = s.since;
        s.since = 0;
        s.atNs = nowNs;
        s.again.accept(count);
    }
}
