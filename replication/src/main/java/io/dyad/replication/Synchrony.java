package io.dyad.replication;

import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Whether a source's writes are acknowledged by its target too (Sync), and how far the target has come.
 *
 * <pre>
 *   APART ──join: from s+1 on writes wait──> JOINING ──all up to s durable there, recorded──> TOGETHER
 *     ^                                          │                                              │
 *     └──────────── leave: recorded durably before the first write is acknowledged alone ───────┘
 * </pre>
 *
 * A write is acknowledged when the target has <em>received</em> it, which a killed process does not undo; flushes wait for
 * <em>durable</em>. {@code refusing}: strict, and the target is silent. Hosts ask from any thread and never wait in here.
 */
public final class Synchrony {
    enum State { APART, JOINING, TOGETHER }

    /** Remembers durably whether source and target are in synchrony. */
    interface Record {
        void together(boolean now) throws IOException;
    }

    private final VolumeLock lock;
    private final LongSupplier seq;
    private final Record record;
    private volatile State state;
    private long joinSeq;
    private volatile boolean alone;
    private volatile boolean refusing;
    private volatile long receivedSeq;
    private volatile long durableSeq;
    private volatile long wantedSeq;
    private volatile Runnable changed = () -> { };

    /** {@code lock} is the volume's, under which {@code seq} grows. */
    Synchrony(VolumeLock lock, LongSupplier seq, Record record, boolean together) {
        this.lock = lock;
        this.seq = seq;
        this.record = record;
        this.state = together ? State.TOGETHER : State.APART;
        this.alone = !together;
    }

    // ---- what hosts ask ----

    /** Called after each change of the answers below, by the owner thread. */
    public void onChange(Runnable told) { changed = told; }

    /** Whether write {@code number} may be answered. */
    public boolean acknowledged(long number) { return alone || number <= receivedSeq; }

    /** Whether it is known that write {@code number} may be answered, or that it will not be. */
    public boolean decided(long number) { return refusing || acknowledged(number); }

    /** The last write that may be answered. */
    public long acknowledgedUpTo() { return alone ? Long.MAX_VALUE : receivedSeq; }

    /** Whether everything up to {@code number} is durable wherever it has to be. */
    public boolean durable(long number) { return alone || number <= durableSeq; }

    /** False while the target of a strict pair is silent: writes that wait will not be acknowledged in time, and others are refused. */
    public boolean answering() { return !refusing; }

    /** Throws while it is not {@link #answering}. */
    public void requireAnswering() throws TargetSilentException {
        if (refusing) throw new TargetSilentException("the replication target does not answer, and this pair is strict");
    }

    /** The target is to make durable everything written so far; returns the number to wait for, 0 when none. */
    public long demand() {
        lock.lock();
        try {
            if (alone || seq.getAsLong() <= durableSeq) return 0;
            return wantedSeq = seq.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    // ---- what the owner thread says ----

    /** A host waits until everything up to here is durable on the target. */
    long wantedSeq() { return wantedSeq; }

    long receivedSeq() { return receivedSeq; }

    /** True while hosts are answered without the target. */
    public boolean alone() { return alone; }

    long durableSeq() { return durableSeq; }

    boolean refusing() { return refusing; }

    State state() { return state; }

    /** The target has everything up to {@code number} in its journal. */
    void received(long number) {
        if (number <= receivedSeq) return;
        receivedSeq = number;
        changed.run();
    }

    /** And durably; room in the ring may have come free with it. */
    void madeDurable(long number) {
        durableSeq = Math.max(durableSeq, number);
        receivedSeq = Math.max(receivedSeq, number);
        changed.run();
    }

    /** From here on writes wait; those before are acknowledged. Returns the last of them. */
    long join() {
        lock.lock();
        try {
            joinSeq = seq.getAsLong();
            receivedSeq = Math.max(receivedSeq, joinSeq);
            alone = false;
            state = State.JOINING;
            return joinSeq;
        } finally {
            lock.unlock();
        }
    }

    /** True when all that was acknowledged alone is durable on the target. */
    boolean joined() { return state() == State.JOINING && durableSeq >= joinSeq; }

    /** In synchrony, durably recorded. */
    void together() throws IOException {
        lock.lock();
        try {
            record.together(true);
            state = State.TOGETHER;
        } finally {
            lock.unlock();
        }
    }

    /** Writes are acknowledged alone again, once that is durably recorded. Returns the first of them. */
    long leave() throws IOException {
        long first;
        lock.lock();
        try {
            if (state == State.TOGETHER) record.together(false);
            first = receivedSeq + 1;
            state = State.APART;
            alone = true;
            refusing = false;
        } finally {
            lock.unlock();
        }
        changed.run();
        return first;
    }

    /** Writes that wait fail, and those that follow are refused; or no longer. */
    void refuse(boolean now) {
        refusing = now;
        changed.run();
    }
}
