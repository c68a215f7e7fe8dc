package io.dyad.nbd;

import static io.dyad.nbd.Protocol.*;

import java.nio.ByteBuffer;

/**
 * The answer to a block status request, neighbours of one status joined.
 * <pre>
 * | context id 4 | length 4, flags 4 | length 4, flags 4 | …
 * </pre>
 */
final class BlockRuns {
    private static final int ID_BYTES = 4, RUN_BYTES = 8;
    private final long[] lengths;
    private final boolean[] allocated;
    private int count;

    BlockRuns(int capacity) {
        lengths = new long[capacity];
        allocated = new boolean[capacity];
    }

    /** Appends the next run; false when it would be one too many. */
    boolean add(Export.Status run) {
        if (run.lengthBytes() <= 0) throw new IllegalStateException("empty run from the export");
        boolean joins = count > 0 && allocated[count - 1] == run.allocated();
        if (!joins && count == lengths.length) return false;
        if (!joins) allocated[count++] = run.allocated();
        lengths[count - 1] += run.lengthBytes();
        return true;
    }

    int bytes() { return ID_BYTES + count * RUN_BYTES; }

    void putInto(ByteBuffer out) {
        out.putInt(ALLOCATION_ID);
        for (int i = 0; i < count; i++) out.putInt((int) lengths[i]).putInt(allocated[i] ? 0 : STATE_HOLE | STATE_ZERO);
    }
}
