package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static io.dyad.replication.RingBudget.PIECE_BYTES;

import io.dyad.replication.Blocks.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Makes a volume's content equal to a view's, a bounded step at a time, and writes only blocks that differ; what the volume
 * has beyond the view's end becomes zero. Begun again it does again what is left to do. One thread calls it; the counter may
 * be read by any.
 */
public final class BlockCopy {
    private final Blocks from;
    private final ReplicatedVolume to;
    private final ByteBuffer wanted = ByteBuffer.allocate(PIECE_BYTES);
    private final ByteBuffer present = ByteBuffer.allocate(PIECE_BYTES);
    private volatile long doneBytes;

    public BlockCopy(Blocks from, ReplicatedVolume to) {
        this.from = from;
        this.to = to;
    }

    /** Bytes of the volume that are known to be equal. */
    public long doneBytes() { return doneBytes; }

    /** One piece of at most 1 MiB of data; false when all is equal. */
    public boolean step() throws IOException {
        long at = doneBytes;
        long end = to.sizeBytes();
        if (at >= end) return false;
        Extent source = source(at, end);
        Extent target = to.extentAt(at, source.endBytes());
        if (!source.allocated() && !target.allocated()) {
            doneBytes = target.endBytes();
            return true;
        }
        long length = Math.min(target.lengthBytes(), PIECE_BYTES);
        if (source.allocated()) copy(at, (int) length);
        else to.clear(at, length);
        doneBytes = at + length;
        return true;
    }

    private Extent source(long at, long end) throws IOException {
        return at >= from.sizeBytes() ? new Extent(at, end - at, false) : from.extentAt(at, Math.min(end, from.sizeBytes()));
    }

    private void copy(long at, int length) throws IOException {
        from.read(at, wanted.clear().limit(length));
        to.peek(at, present.clear().limit(length));
        for (int begin = differing(0, length, true); begin < length; ) {
            int end = differing(begin, length, false);
            to.fill(at + begin, wanted.slice(begin, end - begin));
            begin = differing(end, length, true);
        }
    }

    /** The first block from {@code begin} on that differs, or does not. */
    private int differing(int begin, int length, boolean wantDiffering) {
        int at = begin;
        while (at < length && (wanted.slice(at, BLOCK_BYTES).mismatch(present.slice(at, BLOCK_BYTES)) >= 0) != wantDiffering) at += BLOCK_BYTES;
        return at;
    }
}
