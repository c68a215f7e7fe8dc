package io.dyad.peerlink;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** At most three unsuccessful proofs an offer in ten seconds; what comes above is not even looked at. Safe for any thread. */
final class FailureGate {
    private static final int ATTEMPTS = 3;
    private static final long WINDOW_NS = 10_000_000_000L;

    private final Map<UUID, Deque<Long>> attempts = new HashMap<>();

    /** Counts an attempt before it is judged, so that many at once do not slip through. */
    synchronized boolean enter(UUID pair, long nowNs) {
        Deque<Long> recent = attempts.computeIfAbsent(pair, p -> new ArrayDeque<>());
        while (!recent.isEmpty() && nowNs - recent.peekFirst() >= WINDOW_NS) recent.removeFirst();
        if (recent.size() >= ATTEMPTS) return false;
        recent.addLast(nowNs);
        return true;
    }

    synchronized void clear(UUID pair) { attempts.remove(pair); }
}
