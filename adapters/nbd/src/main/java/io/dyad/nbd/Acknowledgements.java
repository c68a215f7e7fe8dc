package io.dyad.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The writes of one session that are stored but may not be answered before another end has them too. One wait answers all
 * that have come along meanwhile. Runs beside the reader, which goes on with what the client sends.
 */
final class Acknowledgements {
    /** More than this wait, and the reader waits itself. */
    static final int CAPACITY = 1024;

    private final Export export;
    private final Wire wire;
    private final Faults faults;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final long[] cookies = new long[CAPACITY];
    private final long[] numbers = new long[CAPACITY];
    private final Thread thread;
    private int first;
    private int count;
    private boolean running;
    private boolean closed;

    Acknowledgements(Export export, Wire wire, Faults faults, String name) {
        this.export = export;
        this.wire = wire;
        this.faults = faults;
        thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Answers {@code cookie} once write {@code number} may be; false when too many wait already. Only the reader calls it, numbers grow. */
    boolean add(long cookie, long number) {
        lock.lock();
        try {
            if (count == CAPACITY) return false;
            if (!running) {
                running = true;
                thread.start();
            }
            int at = (first + count++) % CAPACITY;
            cookies[at] = cookie;
            numbers[at] = number;
            if (count == 1) changed.signal();
            return true;
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
            for (long number = oldest(); number != Export.ACKNOWLEDGED; number = oldest()) {
                long wanted = number;
                long[] upTo = {wanted};
                Optional<NbdError> failure = faults.during(() -> upTo[0] = export.acknowledged(wanted));
                answer(upTo[0], failure, replies);
                replies.send();
            }
        } catch (IOException clientGone) {
            // the reader meets the same end
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** The number of the write that has waited longest; {@link Export#ACKNOWLEDGED} when closed and done. */
    private long oldest() throws InterruptedException {
        lock.lock();
        try {
            while (count == 0 && !closed) changed.await();
            return count == 0 ? Export.ACKNOWLEDGED : numbers[first];
        } finally {
            lock.unlock();
        }
    }

    private void answer(long upTo, Optional<NbdError> failure, Replies replies) throws IOException {
        lock.lock();
        try {
            for (; count > 0 && numbers[first] <= upTo; count--, first = (first + 1) % CAPACITY) {
                if (failure.isPresent()) replies.error(cookies[first], failure.get());
                else replies.ok(cookies[first]);
            }
        } finally {
            lock.unlock();
        }
    }
}
