package io.dyad.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests of one session that are done and may not be answered yet, in the order they came: not before another end has them
 * too, or not before a flush. One wait answers all that have come along meanwhile. Runs beside the reader, which goes on with
 * what the client sends, so that reads and plain writes wait neither for another end nor for a disk to sync.
 */
final class AnswerQueue {
    /** More than this wait, and the reader waits itself. */
    static final int CAPACITY = 1024;
    private static final long NONE = 0;

    private final Aim aim;
    private final Wait wait;
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

    /** Which of those that are there when a wait begins it is for. When it fails, they fail up to that one. */
    enum Aim { OLDEST, NEWEST }

    /** What has to happen before a request may be answered. */
    interface Wait {
        /** Until the one of that number may be; returns the last that may be with it. */
        long until(long number) throws IOException;

        /** Whether it is time to begin that wait, the oldest being that number; when it comes to be so, {@link #due} is called. One begun too early only takes longer. */
        default boolean mayBegin(long oldest) { return true; }
    }

    /** Answers of one session on a wire. */
    record Line(Wire wire, Faults faults, String name) { }

    AnswerQueue(Aim aim, Wait wait, Line line) {
        this.aim = aim;
        this.wait = wait;
        this.wire = line.wire();
        this.faults = line.faults();
        thread = Thread.ofPlatform().daemon().name(line.name()).unstarted(this::run);
    }

    /** Whether one more may wait; only the reader asks and adds. */
    boolean hasRoom() {
        lock.lock();
        try {
            return count < CAPACITY;
        } finally {
            lock.unlock();
        }
    }

    /** Answers {@code cookie} once {@code number} may be, which grows and is more than 0; false when too many wait already. Only the reader calls it. */
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
            if (mayBegin()) changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayBegin() { return count > 0 && wait.mayBegin(numbers[first]); }

    /** A wait that could not begin may be able to now; from any thread, which is not held up. */
    void due() {
        lock.lock();
        try {
            if (mayBegin()) changed.signal();
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
            for (long number = next(); number != NONE; number = next()) {
                long wanted = number;
                long[] upTo = {wanted};
                Optional<NbdError> failure = faults.during(() -> upTo[0] = wait.until(wanted));
                answer(upTo[0], failure, replies);
                replies.send();
            }
        } catch (IOException clientGone) {
            // the reader meets the same end
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** The number that the next wait is for; {@link #NONE} when closed and done. */
    private long next() throws InterruptedException {
        lock.lock();
        try {
            while (!mayBegin() && !(closed && count == 0)) changed.await();
            if (count == 0) return NONE;
            return numbers[aim == Aim.OLDEST ? first : (first + count - 1) % CAPACITY];
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
