package io.dyad.replication;

import java.util.concurrent.locks.ReentrantLock;

/** The one lock of a volume, reentrant: whoever holds it may write to the disk, give out numbers, and change what is known of the peer. */
final class VolumeLock {
    private final ReentrantLock lock = new ReentrantLock();

    interface Ask<T, E extends Exception> {
        T get() throws E;
    }

    interface Step<E extends Exception> {
        void run() throws E;
    }

    void lock() { lock.lock(); }

    void unlock() { lock.unlock(); }

    <T, E extends Exception> T get(Ask<T, E> ask) throws E {
        lock.lock();
        try {
            return ask.get();
        } finally {
            lock.unlock();
        }
    }

    <E extends Exception> void run(Step<E> step) throws E {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }
}
