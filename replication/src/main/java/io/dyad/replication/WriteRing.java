package io.dyad.replication;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The writes since a cut, in order, until the target has them durably: a table of entries by sequence number, their bytes in
 * chunks that are taken from the {@link RingBudget} as needed and given back as they empty. A write that finds no chunk
 * makes the ring overflow: it records no more until {@link #restart}. Not safe for several threads; the volume's lock is.
 */
final class WriteRing {
    /** One write. {@code data} is null for zeroes, and else valid until the entry is forgotten or the ring restarted. */
    record Entry(long seq, long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) {
        /** Where it wrote, without what: outlives the ring. */
        Entry bare() { return new Entry(seq, offsetBytes, lengthBytes, null); }

        DirtyMap blocks() {
            DirtyMap blocks = new DirtyMap();
            blocks.mark(offsetBytes, lengthBytes);
            return blocks;
        }
    }

    /** {@code last} is the newest write with bytes in it. */
    private static final class Chunk {
        final ByteBuffer memory;
        long last;

        Chunk(ByteBuffer memory) { this.memory = memory; }
    }

    /** A run of zeroes takes this much of a chunk, for what its entry takes elsewhere. */
    private static final int ZEROES_BYTES = 64;
    private static final int FEWEST_SLOTS = 16;
    private static final int MOST_SLOTS = 1 << 16;
    private final RingBudget budget;
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private @Nullable Entry[] slots = {};
    private long oldest;
    private long next;
    private long heldBytes;
    private boolean recording;

    WriteRing(RingBudget budget) { this.budget = budget; }

    boolean recording() { return recording; }

    boolean isEmpty() { return oldest == next; }

    /** Bytes of data held, zeroes not counted. */
    long heldBytes() { return heldBytes; }

    /** Empties the ring and records the writes after {@code seq}. */
    void restart(long seq) {
        forgetUpTo(next - 1);
        oldest = next = seq + 1;
        recording = true;
    }

    /** Whether a write of {@code bytes} would be taken now. */
    boolean hasRoom(int bytes) {
        if (bytes > budget.chunkBytes()) return false;
        Chunk newest = chunks.peekLast();
        return next - oldest < MOST_SLOTS && (newest != null && newest.memory.remaining() >= bytes || budget.spares(chunks.size()));
    }

    /** Takes in the write numbered next; without room, or longer than a chunk, it is not taken and the ring stops recording. */
    void append(long seq, long offsetBytes, ByteBuffer from) {
        int length = from.remaining();
        Optional<ByteBuffer> room = room(seq, length);
        if (room.isEmpty()) return;
        put(new Entry(seq, offsetBytes, length, room.get().put(from.duplicate()).flip()));
        heldBytes += length;
    }

    void appendZeroes(long seq, long offsetBytes, long lengthBytes) {
        if (room(seq, ZEROES_BYTES).isPresent()) put(new Entry(seq, offsetBytes, lengthBytes, null));
    }

    private Optional<ByteBuffer> room(long seq, int length) {
        Chunk newest = chunks.peekLast();
        if (next - oldest == MOST_SLOTS || length > budget.chunkBytes()) recording = false;
        else if (newest == null || newest.memory.remaining() < length) {
            Optional<ByteBuffer> more = budget.take(chunks.size());
            if (more.isPresent()) chunks.add(new Chunk(more.get()));
            else recording = false;
        }
        if (!recording) return Optional.empty();
        Chunk chunk = Objects.requireNonNull(chunks.peekLast());
        ByteBuffer room = chunk.memory.slice(chunk.memory.position(), length);
        chunk.memory.position(chunk.memory.position() + length);
        chunk.last = seq;
        return Optional.of(room);
    }

    /** The entry numbered {@code seq}, or null when it is not there. */
    @Nullable Entry at(long seq) { return seq < oldest || seq >= next ? null : slots[slot(seq)]; }

    /** Forgets everything up to {@code seq}: the target has it. */
    void forgetUpTo(long seq) {
        for (; oldest <= seq && oldest < next; oldest++) {
            Entry gone = Objects.requireNonNull(slots[slot(oldest)]);
            slots[slot(oldest)] = null;
            if (gone.data() != null) heldBytes -= gone.lengthBytes();
        }
        for (Chunk first = chunks.peek(); first != null && first.last < oldest; first = chunks.peek()) {
            chunks.remove();
            budget.giveBack(first.memory, chunks.size());
        }
        if (isEmpty() && slots.length > FEWEST_SLOTS) slots = new Entry[0];
    }

    /** Shows every write that is held, in order. */
    void each(Consumer<Entry> to) {
        for (long seq = oldest; seq < next; seq++) {
            Entry entry = at(seq);
            if (entry != null) to.accept(entry);
        }
    }

    /** Stops recording and forgets all. */
    void stop() {
        forgetUpTo(next - 1);
        recording = false;
    }

    /** Records no more until the next restart. */
    void overflow() { recording = false; }

    private void put(Entry entry) {
        if (entry.seq() != next) throw new IllegalStateException("write " + entry.seq() + " recorded where " + next + " was due");
        if (next - oldest == slots.length) widen();
        slots[slot(next++)] = entry;
    }

    private void widen() {
        @Nullable Entry[] wider = new Entry[Math.max(FEWEST_SLOTS, 2 * slots.length)];
        for (long seq = oldest; seq < next; seq++) wider[(int) (seq & wider.length - 1)] = slots[slot(seq)];
        slots = wider;
    }

    private int slot(long seq) { return (int) (seq & slots.length - 1); }
}
