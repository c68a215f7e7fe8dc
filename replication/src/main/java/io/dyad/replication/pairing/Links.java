package io.dyad.replication.pairing;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Which cluster pairs' links are up, and how long a question takes there and back. Any thread. */
final class Links {
    private static final Link NONE = new Link(false, 0);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<UUID, Link> links = new ConcurrentHashMap<>();

    private record Link(boolean up, long latencyNs) { }

    /** Takes note of a link; true when it went up or down, or is heard of for the first time. */
    boolean heard(UUID clusterPair, boolean up, long latencyNs) {
        Link before = links.put(clusterPair, new Link(up, latencyNs));
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return before == null || before.up() != up;
    }

    boolean isUp(UUID clusterPair) { return links.getOrDefault(clusterPair, NONE).up(); }

    long latencyNs(UUID clusterPair) { return links.getOrDefault(clusterPair, NONE).latencyNs(); }

    /** Waits until this pair's link is up; in vain for {@code timeoutNs} at most. The pair may become another while one waits. */
    void await(Supplier<UUID> clusterPair, long timeoutNs) throws InterruptedException {
        lock.lock();
        try {
            long left = timeoutNs;
            while (left > 0 && !isUp(clusterPair.get())) left = changed.awaitNanos(left);
        } finally {
            lock.unlock();
        }
    }
}
