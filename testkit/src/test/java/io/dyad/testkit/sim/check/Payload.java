package io.dyad.testkit.sim.check;

import java.util.BitSet;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * I6: a session ships in epochs at most 1.05 times the blocks that may differ when it begins and those written while it lasts, and
 * streams what is written at most once.
 */
public final class Payload {
    private static final double MARGIN = 1.05;
    /** Blocks that the ends may hold differently, for all that can be known. */
    private final BitSet owed = new BitSet();
    private boolean judged;
    private long differingBlocks;
    private long writtenBlocks;
    private long epochBytes;
    private long streamBytes;

    /** {@code judged}: there is a common point, so that nothing else need be shipped. */
    public void sessionBegins(boolean hasPoint) {
        judged = hasPoint;
        differingBlocks = owed.cardinality();
        writtenBlocks = epochBytes = streamBytes = 0;
    }

    public void written(Collection<Integer> blocks) {
        blocks.forEach(owed::set);
        writtenBlocks += blocks.size();
    }

    /** A crash has left these blocks in doubt. */
    public void doubted(int first, int count) { owed.set(first, first + count); }

    /** Both ends hold the same, and both know. */
    public void settled() { owed.clear(); }

    public long sentBytes() { return epochBytes + streamBytes; }

    /** A source has sent this. */
    public @Nullable String wrong(byte[] bytes) {
        Wire frame = Wire.of(bytes);
        if (frame.type() == Wire.BLOCKS) epochBytes += frame.payload().remaining();
        if (frame.type() == Wire.WRITE) streamBytes += frame.payload().remaining();
        if (!judged) return null;
        if (epochBytes > MARGIN * Prints.BLOCK_BYTES * (differingBlocks + writtenBlocks))
            return epochBytes + " bytes shipped where " + differingBlocks + " blocks may differ and " + writtenBlocks + " were written since";
        return streamBytes > (long) Prints.BLOCK_BYTES * writtenBlocks ? streamBytes + " bytes streamed of " + writtenBlocks + " blocks written" : null;
    }
}
