package io.dyad.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The flush in progress of one session and the requests that wait for the next one: one flush answers all that were
 * written before it began. Runs beside the reader, so that reads and plain writes never wait for a disk to sync.
 */
final class GroupFlush {
    /** More than this wait for one flush, and the reader is held back. */
    static final int CAPACITY = 1024;

    private final Export export;
    private final Wire wire;
    private final Faults faults;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long[] waiting = new long[CAPACITY];
    private long[] covered = new long[CAPACITY];
    private int waitingCount;
    private boolean running, closed;
    private final Thread thread;

    GroupFlush(Export export, Wire wire, Faults faults, String name) {
        this.export = export;
        this.wire = wire;
        this.faults = faults;
        thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Whether a request that is about to be written can have its flush and its answer here: only the reader asks and adds. */
    boolean hasRoom() {
        lock.lock();
        try {
            return waitingCount < CAPACITY;
        } finally {
            lock.unlock();
        }
    }

    /** Answers {@code cookie} after the next flush; its bytes have been written. */
    void add(long cookie) {
        lock.lock();
        try {
            if (!running) {
                running = true;
                thread.start();
            }
            waiting[waitingCount++] = cookie;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything added has been answered. */
    void close() throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (running) thread.join();
    }

    private void run() {
        var replies = new Replies(ByteBuffer.allocateDirect(CAPACITY * Replies.SIMPLE_BYTES), wire);
        try {
            for (int count = take(); count > 0; count = take()) {
                Optional<NbdError> failure = faults.during(export::flush);
                for (int i = 0; i < count; i++) {
                    if (failure.isPresent()) replies.error(covered[i], failure.get());
                    else replies.ok(covered[i]);
                }
                replies.send();
            }
        } catch (IOException clientGone) {
            // the reader meets the same end
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** The number of requests moved to {@code covered}; 0 when closed and done. */
    private int take() throws InterruptedException {
        lock.lock();
        try {
            while (waitingCount == 0 && !closed) changed.await();
            int count = waitingCount;
            long[] taken = waiting;
            waiting = covered;
            covered = taken;
            waitingCount = 0;
            return count;
        } finally {
            lock.unlock();
        }
    }
}
