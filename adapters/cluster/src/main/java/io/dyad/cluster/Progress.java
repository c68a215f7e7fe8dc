package io.dyad.cluster;

import io.dyad.replication.Synchrony;
import io.dyad.replication.TargetSilentException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Where hosts of one volume wait for its target to come along. Nobody is woken whose wait is not over: the target tells thousands of times a second. */
final class Progress {
    private final Synchrony synchrony;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private final Set<Runnable> watchers;

    /** A thread that waits until something is so. Each is its own, whatever it waits for. */
    private static final class Waiter {
        final BooleanSupplier so;
        final Thread thread = Thread.currentThread();

        Waiter(BooleanSupplier so) { this.so = so; }
    }

    /** {@code watchers} are told of each change as well. */
    Progress(Synchrony synchrony, Set<Runnable> watchers) {
        this.synchrony = synchrony;
        this.watchers = watchers;
        synchrony.onChange(this::tell);
    }

    /** Something changed that may be waited for. */
    void tell() {
        watchers.forEach(Runnable::run);
        for (Waiter each : waiters) if (each.so.getAsBoolean() || !synchrony.answering()) LockSupport.unpark(each.thread);
    }

    /** Waits until it is so; bounded by the pair's sync time-out, after which it is so or throws. */
    void await(BooleanSupplier so) throws TargetSilentException {
        if (so.getAsBoolean()) return;
        Waiter me = new Waiter(so);
        waiters.add(me);                                 // before it is asked again: a change from here on unparks
        boolean interrupted = false;
        try {
            while (!so.getAsBoolean()) {
                synchrony.requireAnswering();
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        } finally {
            waiters.remove(me);
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /** Waits until it is so, or for this long. */
    void await(BooleanSupplier so, long timeoutNs) {
        long endNs = System.nanoTime() + timeoutNs;
        Waiter me = new Waiter(so);
        waiters.add(me);
        try {
            for (long left = timeoutNs; left > 0 && !so.getAsBoolean() && !Thread.currentThread().isInterrupted(); left = endNs - System.nanoTime())
                LockSupport.parkNanos(this, left);
        } finally {
            waiters.remove(me);
        }
    }
}
