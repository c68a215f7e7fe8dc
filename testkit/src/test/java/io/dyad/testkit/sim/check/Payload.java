package io.dyad.testkit.sim.check;

import org.jspecify.annotations.Nullable;

/**
 * I6: a session ships at most 1.05 times the blocks that differ when it begins and those written while it lasts, in epochs and
 * stream together. What was in doubt and turns out to be the same is none of them.
 */
public final class Payload {
    private static final double MARGIN = 1.05;
    private boolean judged;
    private long differingBlocks;
    private long writtenBlocks;
    private long epochBytes;
    private long streamBytes;

    /** {@code judged}: there is a common point, so that nothing but the {@code differing} blocks need be shipped. */
    public void sessionBegins(boolean hasPoint, long differing) {
        judged = hasPoint;
        differingBlocks = differing;
        writtenBlocks = epochBytes = streamBytes = 0;
    }

    /** A host writes so many blocks, whatever comes of it. */
    public void written(int blocks) { writtenBlocks += blocks; }

    public long sentBytes() { return epochBytes + streamBytes; }

    /** A source has sent this. */
    public @Nullable String wrong(byte[] bytes) {
        Wire frame = Wire.of(bytes);
        if (frame.type() == Wire.BLOCKS) epochBytes += frame.payload().remaining();
        for (Wire.Write write : frame.writes()) streamBytes += write.data().remaining();
        if (!judged || sentBytes() <= MARGIN * Prints.BLOCK_BYTES * (differingBlocks + writtenBlocks)) return null;
        return epochBytes + " bytes in epochs and " + streamBytes + " in the stream where " + differingBlocks + " blocks differed and " + writtenBlocks + " were written since";
    }
}
