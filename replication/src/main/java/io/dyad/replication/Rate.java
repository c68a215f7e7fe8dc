package io.dyad.replication;

import java.util.concurrent.locks.ReentrantLock;

/** A limit in bytes a second: a bucket that fills with time and may be overdrawn by one frame. Holds a tenth of a second. Safe for any thread. */
public final class Rate {
    private static final double HOLDS_SECONDS = 0.1;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long bytesPerSecond;
    private double level;
    private long filledNs;

    /** {@link Terms#NO_LIMIT} for none. */
    public Rate(long bytesPerSecond) { this.bytesPerSecond = bytesPerSecond; }

    void limit(long now) { bytesPerSecond = now; }

    /** Whether more may be sent now. */
    boolean allows(long nowNs) {
        if (bytesPerSecond == Terms.NO_LIMIT) return true;
        lock.lock();
        try {
            double seconds = filledNs == 0 ? HOLDS_SECONDS : (nowNs - filledNs) / 1e9;
            level = Math.min(bytesPerSecond * HOLDS_SECONDS, level + bytesPerSecond * seconds);
            filledNs = nowNs;
            return level > 0;
        } finally {
            lock.unlock();
        }
    }

    void spend(long bytes) {
        if (bytesPerSecond == Terms.NO_LIMIT) return;
        lock.lock();
        level -= bytes;
        lock.unlock();
    }

    /** When more may be sent, as far as this limit goes. */
    long dueNs(long nowNs) {
        if (bytesPerSecond == Terms.NO_LIMIT) return nowNs;
        lock.lock();
        try {
            return level > 0 ? nowNs : nowNs + (long) (-level / bytesPerSecond * 1e9) + 1_000_000L;
        } finally {
            lock.unlock();
        }
    }
}
