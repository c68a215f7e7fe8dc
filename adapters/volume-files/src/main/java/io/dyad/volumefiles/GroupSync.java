package io.dyad.volumefiles;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Group commit: callers that arrive while one sync runs share the next one. */
final class GroupSync {
    /** One sync; never run twice at a time. */
    interface Sync {
        void run() throws IOException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Sync sync;
    private long started;
    private long completed;
    private boolean running;

    GroupSync(Sync sync) { this.sync = sync; }

    /** The number of the first sync that starts after this call. */
    long ticket() {
        lock.lock();
        try {
            return started + 1;
        } finally {
            lock.unlock();
        }
    }

    void join() throws IOException { join(ticket()); }

    /** Returns once sync {@code ticket} has succeeded; one of the callers runs it. A failed one is tried again by the next. */
    void join(long ticket) throws IOException {
        while (!doneOrMine(ticket)) {
            boolean succeeded = false;
            try {
                sync.run();
                succeeded = true;
            } finally {
                end(succeeded);
            }
        }
    }

    private boolean doneOrMine(long ticket) {
        lock.lock();
        try {
            while (completed < ticket) {
                if (!running) {
                    running = true;
                    started++;
                    return false;
                }
                ended.awaitUninterruptibly();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void end(boolean succeeded) {
        lock.lock();
        try {
            running = false;
            if (succeeded) completed = started;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
