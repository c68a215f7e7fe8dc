package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Ranges that do not begin and end with a block, widened to the whole blocks they touch. */
final class Widened {
    private Widened() { }

    static boolean aligned(long offsetBytes, long length) { return (offsetBytes | length) % BLOCK_BYTES == 0; }

    /** Where the first block of the range begins. */
    static long begin(long offsetBytes) { return offsetBytes - offsetBytes % BLOCK_BYTES; }

    private static long end(long endBytes) { return Math.ceilDiv(endBytes, BLOCK_BYTES) * (long) BLOCK_BYTES; }

    /** The part of the whole blocks that the range covers. */
    static ByteBuffer inside(ByteBuffer whole, long offsetBytes, int length) { return whole.slice((int) (offsetBytes % BLOCK_BYTES), length); }

    static void read(Blocks from, long offsetBytes, ByteBuffer into) throws IOException {
        int length = into.remaining();
        if (aligned(offsetBytes, length)) {
            from.read(offsetBytes, into);
            return;
        }
        long first = begin(offsetBytes);
        ByteBuffer whole = ByteBuffer.allocate((int) (end(offsetBytes + length) - first));
        from.read(first, whole);
        into.put(inside(whole, offsetBytes, length));
    }

    /** The blocks of a range that is to be written, of which only those are read that it covers in part. */
    static ByteBuffer edges(Blocks from, long offsetBytes, int length) throws IOException {
        long first = begin(offsetBytes);
        long end = offsetBytes + length;
        long last = begin(end);
        ByteBuffer whole = ByteBuffer.allocate((int) (end(end) - first));
        if (first < offsetBytes) from.read(first, whole.slice(0, BLOCK_BYTES));
        if (last < end && (last > first || first == offsetBytes)) from.read(last, whole.slice((int) (last - first), BLOCK_BYTES));
        return whole;
    }
}
