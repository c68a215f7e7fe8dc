package io.dyad.replication;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How old the oldest write is that the target lacks, how fast blocks are shipped, and how many were. Ages come from samples
 * (write number, time), one each 100 ms while there are writes; when the table is full every second one goes, so that the
 * error grows with the lag: within 1 s for the first hour. Safe for any thread; time is an argument.
 */
public final class LagMeter {
    /**
     * What a source's target lacks now.
     *
     * @param bytes at most so many are to be shipped
     * @param oldestNs age of the oldest write among them; 0 only when there is none
     * @param etaNs until it lacks nothing at the present speed; empty while the host is faster or the speed unknown
     * @param payloadBytes data shipped since the process began, digests apart
     */
    public record Reading(long bytes, long oldestNs, OptionalLong etaNs, long payloadBytes, long digestBytes) { }

    private static final long EVERY_NS = 100_000_000L;
    private static final int MOST = 4096;
    private static final long SPEED_EVERY_NS = 500_000_000L;
    private static final double SPEED_WEIGHT = 0.3;
    private final ReentrantLock lock = new ReentrantLock();
    private long[] numbers = new long[16];
    private long[] timesNs = new long[16];
    private volatile int count;
    private long everyNs = EVERY_NS;
    private long payloadBytes;
    private long digestBytes;
    private volatile long hostBytes;
    private volatile long sampledNs;
    private volatile long sampledSeq;
    private long speedAtNs;
    private long speedPayload;
    private long speedHost;
    private double shipSpeed;
    private double hostSpeed;

    /** Writes up to {@code seq} exist, of which the target holds those up to {@code heldSeq}. Cheap when nothing is due. */
    void sample(long seq, long heldSeq, long nowNs) {
        if (seq == sampledSeq && nowNs - speedAtNs < SPEED_EVERY_NS || seq != sampledSeq && count > 0 && nowNs - sampledNs < everyNs) return;
        lock.lock();
        try {
            forget(heldSeq);
            if (seq > heldSeq && seq != sampledSeq) put(seq, nowNs);
            speed(nowNs);
        } finally {
            lock.unlock();
        }
    }

    private void forget(long heldSeq) {
        int gone = 0;
        while (gone < count && numbers[gone] <= heldSeq) gone++;
        if (gone == 0) return;
        System.arraycopy(numbers, gone, numbers, 0, count - gone);
        System.arraycopy(timesNs, gone, timesNs, 0, count - gone);
        count = count - gone;
        if (count == 0) everyNs = EVERY_NS;
    }

    private void put(long seq, long nowNs) {
        if (count == MOST) thin();
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
            timesNs = Arrays.copyOf(timesNs, 2 * count);
        }
        numbers[count] = seq;
        timesNs[count] = nowNs;
        count = count + 1;
        sampledNs = nowNs;
        sampledSeq = seq;
    }

    private void thin() {
        for (int i = 0; i < count / 2; i++) {
            numbers[i] = numbers[2 * i + 1];
            timesNs[i] = timesNs[2 * i];
        }
        count = count / 2;
        everyNs *= 2;
    }

    private void speed(long nowNs) {
        double seconds = (nowNs - speedAtNs) / 1e9;
        if (seconds < SPEED_EVERY_NS / 1e9) return;
        boolean first = speedAtNs == 0 || seconds > 10;                       // what was long ago says nothing
        double weight = first ? 1 : SPEED_WEIGHT;
        shipSpeed += weight * ((payloadBytes - speedPayload) / seconds - shipSpeed);
        hostSpeed += weight * ((hostBytes - speedHost) / seconds - hostSpeed);
        speedAtNs = nowNs;
        speedPayload = payloadBytes;
        speedHost = hostBytes;
    }

    /** Data on its way to the target. */
    void shipped(long bytes) {
        lock.lock();
        payloadBytes += bytes;
        lock.unlock();
    }

    /** Digests on their way, from either end. */
    void digested(long bytes) {
        lock.lock();
        digestBytes += bytes;
        lock.unlock();
    }

    /** A host's write; the volume's lock is held. */
    void wrote(long bytes) { hostBytes = hostBytes + bytes; }

    /** {@code lacking} bytes, of the writes after {@code heldSeq} up to {@code seq}. */
    Reading read(long lacking, long seq, long heldSeq, long nowNs) {
        lock.lock();
        try {
            long oldest = lacking > 0 || seq > heldSeq ? 1 : 0;               // not sampled yet: young, but there
            for (int i = 0; i < count && seq > heldSeq; i++) {
                if (numbers[i] <= heldSeq) continue;
                oldest = Math.max(1, nowNs - timesNs[i]);
                break;
            }
            boolean closing = shipSpeed > hostSpeed && shipSpeed > 0;
            OptionalLong eta = lacking == 0 ? OptionalLong.of(0) : closing ? OptionalLong.of((long) (lacking / shipSpeed * 1e9)) : OptionalLong.empty();
            return new Reading(lacking, oldest, eta, payloadBytes, digestBytes);
        } finally {
            lock.unlock();
        }
    }
}
