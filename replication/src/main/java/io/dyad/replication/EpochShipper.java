package io.dyad.replication;

import io.dyad.replication.Lag.Cut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ships epochs: the blocks that differ at a cut, read from the frozen layers. {@code direct}: the target has no point to
 * protect and applies what comes at once (first sync), so every part that has landed durably there is done with.
 */
final class EpochShipper {
    private static final int ZERO_RUN_BYTES = 1 << 30;
    private final ReplicatedVolume volume;
    private final Outlet outlet;
    private final ArrayDeque<Blocks.Extent> inFlight = new ArrayDeque<>();
    private @Nullable Cut cut;
    private boolean direct;
    private boolean sent;
    private long epoch;
    private long cursorBytes;
    private long landedFrames;
    private long totalBlocks;
    private long shippedBlocks;
    private long payloadBytes;

    EpochShipper(ReplicatedVolume volume, Outlet outlet) {
        this.volume = volume;
        this.outlet = outlet;
    }

    /** Cuts, and begins to ship what the target lacks, {@code more} included. Returns the last write that the epoch holds. */
    long begin(long number, DirtyMap more, boolean applied) throws IOException {
        Cut now = volume.cut(more);
        cut = now;
        epoch = number;
        direct = applied;
        sent = false;
        cursorBytes = landedFrames = 0;
        inFlight.clear();
        totalBlocks = now.blocks().count();
        outlet.send(Frame.of(FrameType.EPOCH, epoch, direct ? 1 : 0, totalBlocks));
        return now.seq();
    }

    /** True while an epoch is on its way. */
    boolean running() { return cut != null; }

    /** True when all of the running epoch is sent. */
    boolean sent() { return sent; }

    /** Sends the next piece, or the end. */
    void ship() throws IOException {
        Cut from = Objects.requireNonNull(cut);
        Blocks.Extent run = from.blocks().next(cursorBytes, ZERO_RUN_BYTES);
        if (run.lengthBytes() == 0) {
            outlet.send(Frame.of(FrameType.END, epoch));
            sent = true;
            return;
        }
        Blocks.Extent piece = pieceOf(from.view(), run);
        long length = piece.allocated() ? Math.min(piece.lengthBytes(), Scratch.BYTES) : piece.lengthBytes();
        if (piece.allocated()) {
            blocks(from, piece.offsetBytes(), (int) length);
            payloadBytes += length;
            volume.meter().shipped(length);
        } else outlet.send(Frame.of(FrameType.ZEROES, epoch, piece.offsetBytes(), length));
        if (direct) inFlight.add(new Blocks.Extent(piece.offsetBytes(), length, piece.allocated()));
        shippedBlocks += length / Blocks.BLOCK_BYTES;
        cursorBytes = piece.offsetBytes() + length;
    }

    private void blocks(Cut from, long offsetBytes, int length) throws IOException {
        ByteBuffer buffer = volume.scratch().take().limit(length);
        try {
            from.view().read(offsetBytes, buffer);
            outlet.send(Frame.of(FrameType.BLOCKS, epoch, offsetBytes, buffer.flip()));
        } finally {
            volume.scratch().giveBack(buffer);
        }
    }

    /** The first part of a run that reads alike. What only a larger target has becomes zero there, as it will be here once this end grows. */
    private static Blocks.Extent pieceOf(Blocks view, Blocks.Extent run) throws IOException {
        if (run.offsetBytes() >= view.sizeBytes()) return new Blocks.Extent(run.offsetBytes(), run.lengthBytes(), false);
        return view.extentAt(run.offsetBytes(), Math.min(run.endBytes(), view.sizeBytes()));
    }

    /** So many of the epoch's frames are durable on the target. */
    void landed(long frames) {
        if (cut == null || !direct) return;
        for (; landedFrames < frames && !inFlight.isEmpty(); landedFrames++) volume.landed(cut, inFlight.removeFirst());
    }

    /** The target has committed the epoch, durably. */
    void committed(long number) throws IOException {
        if (!sent || number != epoch || cut == null) throw new BadFrameException("COMMITTED " + number + " where epoch " + epoch + " is " + (sent ? "sent" : "under way"));
        volume.release(cut, true);
        cut = null;
        volume.progress(Mark.Progress.SYNCED, epoch);
    }

    long epoch() { return epoch; }

    long shippedBlocks() { return shippedBlocks; }

    long payloadBytes() { return payloadBytes; }

    /** What is shipped from here on is counted anew. */
    void resetCounts() { shippedBlocks = payloadBytes = 0; }

    /** Blocks of the running epoch that have not landed, and its size. */
    long blocksLeft() { return cut == null ? 0 : cut.blocks().count(); }

    long blocksTotal() { return totalBlocks; }

    /** What the target may lack goes back to the dirty map. */
    void stop() throws IOException {
        if (cut != null) volume.release(cut, false);
        cut = null;
    }
}
