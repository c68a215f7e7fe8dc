package io.dyad.replication;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The writes since a cut, in order, until the target has them durably: a circular buffer of a fixed size and a table of
 * entries by sequence number. When a write finds no room the ring overflows and records no more until {@link #restart}.
 * Not safe for several threads; the volume's lock is.
 */
final class WriteRing {
    /** One write. {@code data} is null for zeroes, and else valid until the entry is released or the ring restarted. */
    record Entry(long seq, long offsetBytes, long lengthBytes, @Nullable ByteBuffer data, int endInRing) { }

    private static final int SLOTS = 1 << 16;
    private final int capacityBytes;
    private @Nullable Entry[] slots = {};
    private @Nullable ByteBuffer memory;
    private long oldest;
    private long next;
    private int head;
    private int tail;
    private int held;
    private boolean recording;

    WriteRing(int capacityBytes) { this.capacityBytes = capacityBytes; }

    boolean recording() { return recording; }

    boolean isEmpty() { return oldest == next; }

    /** Empties the ring and records the writes after {@code seq}. */
    void restart(long seq) {
        if (slots.length == 0) slots = new Entry[SLOTS];
        forgetUpTo(next - 1);
        oldest = next = seq + 1;
        recording = true;
    }

    /** Takes in the write numbered next; without room it is not taken and the ring stops recording. */
    void append(long seq, long offsetBytes, ByteBuffer from) {
        int length = from.remaining();
        int start = full() ? -1 : room(length);
        if (start < 0) {
            recording = false;
            return;
        }
        ByteBuffer data = memory().slice(start, length);
        data.put(from.duplicate()).flip();
        head = start + length;
        put(new Entry(seq, offsetBytes, length, data, head));
        held++;
    }

    void appendZeroes(long seq, long offsetBytes, long lengthBytes) {
        if (full()) recording = false;
        else put(new Entry(seq, offsetBytes, lengthBytes, null, 0));
    }

    /** The entry numbered {@code seq}, or null when it is not there. */
    @Nullable Entry at(long seq) { return seq < oldest || seq >= next ? null : slots[slot(seq)]; }

    /** Forgets everything up to {@code seq}: the target has it. */
    void forgetUpTo(long seq) {
        for (; oldest <= seq && oldest < next; oldest++) {
            Entry gone = slots[slot(oldest)];
            slots[slot(oldest)] = null;
            if (gone == null || gone.data() == null) continue;
            tail = gone.endInRing();
            held--;
        }
    }

    /** Stops recording and forgets all, for the blocks are in {@code map} now. */
    void drainTo(DirtyMap map) {
        markIn(map);
        forgetUpTo(next - 1);
        recording = false;
    }

    void markIn(DirtyMap map) {
        for (long seq = oldest; seq < next; seq++) {
            Entry entry = at(seq);
            if (entry != null) map.mark(entry.offsetBytes(), entry.lengthBytes());
        }
    }

    /** Records no more until the next restart. */
    void overflow() { recording = false; }

    private void put(Entry entry) {
        if (entry.seq() != next) throw new IllegalStateException("write " + entry.seq() + " recorded where " + next + " was due");
        slots[slot(next++)] = entry;
    }

    private boolean full() { return next - oldest == SLOTS; }

    private static int slot(long seq) { return (int) (seq & SLOTS - 1); }

    private ByteBuffer memory() {
        if (memory == null) memory = ByteBuffer.allocateDirect(capacityBytes);
        return memory;
    }

    /** Where {@code length} contiguous bytes are free, or -1: between the newest data's end and the oldest one's start. */
    private int room(int length) {
        if (held == 0) {
            tail = 0;
            return length <= capacityBytes ? 0 : -1;
        }
        if (head <= tail) return tail - head > length ? head : -1;
        if (capacityBytes - head >= length) return head;
        return tail > length ? 0 : -1;
    }
}
