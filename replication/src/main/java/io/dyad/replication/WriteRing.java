package io.dyad.replication;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The writes since a cut, in order, until the target has them durably: {@link Writes} in chunks that are taken from the
 * {@link RingBudget} as needed and given back as they empty. A write that finds no chunk makes the ring overflow: it records
 * no more until {@link #restart}. Not safe for several threads; the volume's lock is.
 */
final class WriteRing {
    /** Where a write wrote, without what: outlives the ring. */
    record Entry(long seq, long offsetBytes, long lengthBytes) {
        DirtyMap blocks() {
            DirtyMap blocks = new DirtyMap();
            blocks.mark(offsetBytes, lengthBytes);
            return blocks;
        }
    }

    /** Writes that lie together: the number of the last, their data without headers and zeroes, and all of them as {@link Writes}. */
    record Run(long lastSeq, long dataBytes, ByteBuffer writes) {
        static final Run NONE = new Run(0, 0, ByteBuffer.allocate(0));

        boolean isEmpty() { return !writes.hasRemaining(); }
    }

    /** Writes {@code first} to {@code last}; those from {@code begin} on are held. */
    private static final class Chunk {
        final ByteBuffer memory;
        final long first;
        long last;
        int begin;

        Chunk(ByteBuffer memory, long first) {
            this.memory = memory;
            this.first = this.last = first;
        }
    }

    private final RingBudget budget;
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private long oldest;
    private long next;
    private long heldBytes;
    private volatile boolean recording;
    /** Where the run that was last asked for ends: the next one begins there. */
    private @Nullable Chunk shown;
    private long shownSeq;
    private int shownAt;

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
        return newest != null && newest.memory.remaining() >= Writes.HEADER_BYTES + bytes || budget.spares(chunks.size());
    }

    /** Takes in the write numbered next; without room, or longer than a chunk, it is not taken and the ring stops recording. */
    void append(long seq, long offsetBytes, ByteBuffer from) {
        Chunk room = room(seq, from.remaining());
        if (room == null) return;
        Writes.put(room.memory, seq, offsetBytes, from);
        heldBytes += from.remaining();
    }

    void appendZeroes(long seq, long offsetBytes, long lengthBytes) {
        Chunk room = room(seq, 0);
        if (room != null) Writes.putZeroes(room.memory, seq, offsetBytes, lengthBytes);
    }

    private @Nullable Chunk room(long seq, int length) {
        if (seq != next) throw new IllegalStateException("write " + seq + " recorded where " + next + " was due");
        Chunk newest = chunks.peekLast();
        if (newest == null || newest.memory.remaining() < Writes.HEADER_BYTES + length) {
            Optional<ByteBuffer> more = length > budget.chunkBytes() ? Optional.empty() : budget.take(chunks.size());
            recording = more.isPresent();
            if (!recording) return null;
            newest = new Chunk(more.get(), seq);
            chunks.add(newest);
        }
        newest.last = next++;
        return newest;
    }

    /**
     * The writes from {@code seq} on that lie together, none behind {@code last}; none when that one is not here. They are good
     * until the first of them is forgotten or the ring restarted.
     */
    Run from(long seq, long last) {
        if (seq < oldest || seq >= next || seq > last) return Run.NONE;
        Chunk chunk = holder(seq);
        int begin = chunk == shown && seq == shownSeq ? shownAt : placeOf(seq, chunk);
        int end = begin;
        long upTo = Math.min(last, chunk.last);
        long dataBytes = 0;
        for (long each = seq; each <= upTo; each++) {
            if (!Writes.isZeroes(chunk.memory, end)) dataBytes += Writes.lengthAt(chunk.memory, end);
            end += Writes.bytesAt(chunk.memory, end);
        }
        shown = chunk;
        shownSeq = upTo + 1;
        shownAt = end;
        return new Run(upTo, dataBytes, chunk.memory.slice(begin, end - begin));
    }

    private Chunk holder(long seq) {
        if (shown != null && shown.first <= seq && seq <= shown.last) return shown;
        for (Chunk chunk : chunks) if (seq <= chunk.last) return chunk;
        throw new IllegalStateException("write " + seq + " lies nowhere");
    }

    private int placeOf(long seq, Chunk chunk) {
        int at = chunk.begin;
        for (long each = Math.max(oldest, chunk.first); each < seq; each++) at += Writes.bytesAt(chunk.memory, at);
        return at;
    }

    /** Forgets everything up to {@code seq}: the target has it. */
    void forgetUpTo(long seq) {
        while (oldest <= seq && oldest < next) {
            Chunk first = Objects.requireNonNull(chunks.peek());
            for (; oldest <= Math.min(seq, first.last); oldest++) {
                if (!Writes.isZeroes(first.memory, first.begin)) heldBytes -= Writes.lengthAt(first.memory, first.begin);
                first.begin += Writes.bytesAt(first.memory, first.begin);
            }
            if (oldest <= first.last) return;
            chunks.remove();
            if (shown == first) shown = null;
            budget.giveBack(first.memory, chunks.size());
        }
    }

    /** Shows every write that is held, in order. */
    void each(Writes.Each<RuntimeException> to) {
        for (Chunk chunk : chunks) Writes.each(chunk.memory.duplicate().flip().position(chunk.begin), to);
    }

    /** Stops recording and forgets all. */
    void stop() {
        forgetUpTo(next - 1);
        recording = false;
    }

    /** Records no more until the next restart. */
    void overflow() { recording = false; }
}
