package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Small runs of an epoch's blocks, many to a frame. Their table comes last, so that blocks lie in the payload where packing looks for them.
 *
 * <pre>
 *  +-----------------+-----------------+---+---------------+---------------+---
 *  | blocks of run 1 | blocks of run 2 | … |  offset  i64  |  bytes   i64  | offset and bytes of run 2 …
 *  +-----------------+-----------------+---+---------------+---------------+---
 *                                          the frame's offset says how many runs there are
 * </pre>
 */
final class Runs {
    private static final int MAX_PAYLOAD_BYTES = 256 << 10;
    /** A larger run is worth a frame of its own. */
    private static final int SMALL_BYTES = 64 << 10;
    private static final int ENTRY_BYTES = 16;
    private final ByteBuffer payload;
    private final List<Blocks.Extent> parts = new ArrayList<>();

    /** Gathers them in this buffer. */
    Runs(ByteBuffer scratch) { payload = scratch.clear().limit(MAX_PAYLOAD_BYTES); }

    /** True of what may come with others. */
    static boolean small(Blocks.Extent piece) { return piece.allocated() && piece.lengthBytes() < SMALL_BYTES; }

    boolean fits(Blocks.Extent piece) { return piece.lengthBytes() + (parts.size() + 1L) * ENTRY_BYTES <= payload.remaining(); }

    /** Where the blocks of the next run go. */
    ByteBuffer room(int bytes) { return payload.slice(payload.position(), bytes); }

    /** So much of the room is filled. */
    void add(long offsetBytes, int bytes) {
        payload.position(payload.position() + bytes);
        parts.add(new Blocks.Extent(offsetBytes, bytes, true));
    }

    /** Those that were added. */
    List<Blocks.Extent> parts() { return parts; }

    /** Nothing is added any more. */
    Frame frame(long epoch) {
        for (Blocks.Extent part : parts) payload.putLong(part.offsetBytes()).putLong(part.lengthBytes());
        return Frame.of(FrameType.RUNS, epoch, parts.size(), payload.flip());
    }

    /** Takes one run; the blocks are valid only during the call. */
    interface Each {
        void run(long offsetBytes, ByteBuffer blocks) throws IOException;
    }

    /** Hands over every run; refuses a frame that is not runs of whole blocks inside a volume of that size before the first. */
    static void each(Frame frame, long sizeBytes, Each to) throws IOException {
        ByteBuffer payload = frame.payload();
        int table = require(payload, frame.offsetBytes(), sizeBytes);
        int at = payload.position();
        for (int entry = table; entry < payload.limit(); entry += ENTRY_BYTES) {
            int bytes = (int) payload.getLong(entry + Long.BYTES);
            to.run(payload.getLong(entry), payload.slice(at, bytes));
            at += bytes;
        }
    }

    /** Returns where the table begins. */
    private static int require(ByteBuffer payload, long runs, long sizeBytes) throws BadFrameException {
        if (runs <= 0 || runs > payload.remaining() / ENTRY_BYTES) throw new BadFrameException(runs + " runs in " + payload.remaining() + " bytes");
        int table = payload.limit() - (int) runs * ENTRY_BYTES;
        long left = table - payload.position();
        for (int entry = table; entry < payload.limit(); entry += ENTRY_BYTES) {
            long offset = payload.getLong(entry);
            long bytes = payload.getLong(entry + Long.BYTES);
            Frame.requireInside("a run", offset, bytes, sizeBytes);
            if (bytes > left) throw new BadFrameException("a run is cut short");
            left -= bytes;
        }
        if (left != 0) throw new BadFrameException(left + " bytes of no run");
        return table;
    }
}
