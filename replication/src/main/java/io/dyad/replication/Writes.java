package io.dyad.replication;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes in order, one behind the other, as they lie in a ring, in the payload of a frame and in a batch of a journal: so they
 * pass from the source's memory to the target's disk without being put together anew.
 *
 * <pre>
 *  0               8               16              24
 *  +---------------+---------------+---------------+----------+---
 *  | sequence i64  |  offset  i64  |  length  i64  |  data …  | next write …
 *  +---------------+---------------+---------------+----------+---
 *                                    sign bit set: zeroes, no data
 * </pre>
 */
final class Writes {
    static final int HEADER_BYTES = 24;
    private static final int OFFSET = 8;
    private static final int LENGTH = 16;

    private Writes() { }

    /** Takes one write; {@code data} is null for zeroes, and else valid only during the call. */
    interface Each<E extends Exception> {
        void write(long seq, long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) throws E;
    }

    /** Puts a write; the data's position does not move. */
    static void put(ByteBuffer into, long seq, long offsetBytes, ByteBuffer data) {
        into.putLong(seq).putLong(offsetBytes).putLong(data.remaining()).put(data.duplicate());
    }

    static void putZeroes(ByteBuffer into, long seq, long offsetBytes, long lengthBytes) {
        into.putLong(seq).putLong(offsetBytes).putLong(lengthBytes | Long.MIN_VALUE);
    }

    /** Hands over every write from the position to the limit; the position does not move. */
    static <E extends Exception> void each(ByteBuffer writes, Each<E> to) throws E {
        int end = writes.limit();
        for (int at = writes.position(); at < end; at += bytesAt(writes, at)) {
            ByteBuffer data = isZeroes(writes, at) ? null : writes.slice(at + HEADER_BYTES, (int) lengthAt(writes, at));
            to.write(seqAt(writes, at), offsetAt(writes, at), lengthAt(writes, at), data);
        }
    }

    static long seqAt(ByteBuffer writes, int at) { return writes.getLong(at); }

    static long offsetAt(ByteBuffer writes, int at) { return writes.getLong(at + OFFSET); }

    static long lengthAt(ByteBuffer writes, int at) { return writes.getLong(at + LENGTH) & Long.MAX_VALUE; }

    static boolean isZeroes(ByteBuffer writes, int at) { return writes.getLong(at + LENGTH) < 0; }

    /** What the write there takes, header and all. */
    static int bytesAt(ByteBuffer writes, int at) { return HEADER_BYTES + (isZeroes(writes, at) ? 0 : (int) lengthAt(writes, at)); }

    /** Refuses what is no run of whole writes inside a volume of that size, numbered upwards to {@code last}. */
    static void require(ByteBuffer writes, long last, long sizeBytes) throws BadFrameException {
        int at = writes.position();
        long seq = Long.MIN_VALUE;
        while (at < writes.limit()) {
            if (writes.limit() - at < HEADER_BYTES) throw new BadFrameException("a write is cut short");
            long offset = offsetAt(writes, at);
            long length = lengthAt(writes, at);
            boolean zeroes = isZeroes(writes, at);
            Frame.requireInside("a write", offset, length, sizeBytes);
            if (!zeroes && length > writes.limit() - at - HEADER_BYTES) throw new BadFrameException("a write is cut short");
            if (seqAt(writes, at) <= seq) throw new BadFrameException("write " + seqAt(writes, at) + " behind " + seq);
            seq = seqAt(writes, at);
            at += bytesAt(writes, at);
        }
        if (seq != last) throw new BadFrameException("writes up to " + seq + " that are to end with " + last);
    }
}
