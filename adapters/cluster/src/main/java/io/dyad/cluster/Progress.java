package io.dyad.cluster;

import io.dyad.replication.Synchrony;
import io.dyad.replication.TargetSilentException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Where hosts of one volume wait for its target to come along. Nobody is woken who does not wait. */
final class Progress {
    private final Synchrony synchrony;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Set<Runnable> watchers;

    /** {@code watchers} are told of each change as well. */
    Progress(Synchrony synchrony, Set<Runnable> watchers) {
        this.synchrony = synchrony;
        this.watchers = watchers;
        synchrony.onChange(this::tell);
    }

    private void tell() {
        watchers.forEach(Runnable::run);
        if (waiting.get() == 0) return;
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is so; bounded by the pair's sync time-out, after which it is so or throws. */
    void await(BooleanSupplier so) throws TargetSilentException {
        if (so.getAsBoolean()) return;
        waiting.incrementAndGet();
        lock.lock();
        try {
            while (!so.getAsBoolean()) {
                synchrony.requireAnswering();
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
            waiting.decrementAndGet();
        }
    }

    /** Waits until it is so, or for this long. */
    void await(BooleanSupplier so, long timeoutNs) {
        waiting.incrementAndGet();
        lock.lock();
        try {
            for (long left = timeoutNs; left > 0 && !so.getAsBoolean(); ) left = changed.awaitNanos(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
            waiting.decrementAndGet();
        }
    }
}
