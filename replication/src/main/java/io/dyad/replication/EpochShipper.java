package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ships epochs: the blocks that differ at a cut, read from the frozen layers. What is in doubt is compared meanwhile, and ships
 * only when it differs; what cannot be read is asked for at the target, and left out when that does not hold it; what the target
 * holds staged from an epoch that was broken off, and is still right, does not ship again.
 */
final class EpochShipper {
    /** What it took to bring the target what it lacked. {@code digestBytes}: of digests that came to settle what was in doubt. */
    record Effort(long shippedBlocks, long payloadBytes, long digestBytes) { }

    private static final int ZERO_RUN_BYTES = 1 << 30;
    private final ReplicatedVolume volume;
    private final SourceSide source;
    private final Outlet outlet;
    private final ArrayDeque<List<Blocks.Extent>> inFlight = new ArrayDeque<>();
    private final SourceFetch fetch;
    private final SourceCompare compare;
    private @Nullable Cut cut;
    private boolean sent;
    private long epoch;
    private long landedFrames;
    private long totalBlocks;
    private long shippedBlocks;
    private long payloadBytes;

    EpochShipper(ReplicatedVolume volume, Outlet outlet, Healing healing) {
        this.volume = volume;
        this.source = volume.source();
        this.outlet = outlet;
        this.fetch = new SourceFetch(volume, healing);
        this.compare = new SourceCompare(volume, outlet, fetch);
    }

    /** Cuts, and begins to ship what the target lacks. Returns the last write that the epoch holds. */
    long begin(Cut.Plan plan) throws IOException {
        Cut now = source.cut(plan);
        cut = now;
        epoch = plan.epoch();
        sent = false;
        landedFrames = 0;
        inFlight.clear();
        fetch.begin(now);
        compare.begin(now);
        totalBlocks = now.blocksLeft();
        outlet.send(Frame.of(FrameType.EPOCH, epoch, plan.direct() ? EpochReceiver.DIRECT : now.continues() ? EpochReceiver.CONTINUED : EpochReceiver.FRESH, totalBlocks));
        return now.seq();
    }

    /** True while an epoch is on its way. */
    boolean running() { return cut != null; }

    /** True when all of the running epoch is sent. */
    boolean sent() { return sent; }

    /** Asks, sends the next piece, or the end; false when an answer has to come first. */
    boolean ship() throws IOException {
        Cut from = Objects.requireNonNull(cut);
        if (from.snapshot().isPresent() && fetch.lost().isPresent()) leaveOut(from.snapshot().get(), fetch.lost().get());
        boolean asked = fetch.ask() | compare.ask();
        Blocks.Extent run = from.toShip().next(0, ZERO_RUN_BYTES);
        if (run.lengthBytes() > 0) {
            Blocks.Extent piece = pieceOf(from.view(), run, Scratch.BYTES);
            if (Runs.small(piece)) gather(from, piece);
            else send(from, piece);
            return true;
        }
        if (!compare.done() || !fetch.done()) return asked;
        source.sent(from);
        outlet.send(Frame.of(FrameType.END, epoch, from.unreadable().count(), Names.of(from.snapshot().stream().toList())));
        sent = true;
        return true;
    }

    private void leaveOut(UUID snapshot, DamagedBlockException lost) throws DamagedSnapshotException {
        source.leaveOut(snapshot, lost.offsetBytes());
        throw new DamagedSnapshotException(snapshot, lost);
    }

    private void send(Cut from, Blocks.Extent piece) throws IOException {
        long length = piece.allocated() ? Math.min(piece.lengthBytes(), Scratch.BYTES) : piece.lengthBytes();
        if (piece.allocated()) length = blocks(from, piece.offsetBytes(), (int) length);
        else outlet.send(Frame.of(FrameType.ZEROES, epoch, piece.offsetBytes(), length));
        if (length > 0) left(from, List.of(new Blocks.Extent(piece.offsetBytes(), length, piece.allocated())));
    }

    /** Sends a small piece, and those that follow it as long as they are small too, in one frame. */
    private void gather(Cut from, Blocks.Extent first) throws IOException {
        ByteBuffer buffer = volume.scratch().take();
        try {
            Runs runs = new Runs(buffer);
            for (Blocks.Extent piece = first; Runs.small(piece) && runs.fits(piece); ) {
                int whole = whole(from, piece.offsetBytes(), runs.room((int) piece.lengthBytes()));
                if (whole > 0) runs.add(piece.offsetBytes(), whole);
                Blocks.Extent next = from.toShip().next(piece.endBytes(), ZERO_RUN_BYTES);
                if (next.lengthBytes() == 0) break;
                piece = pieceOf(from.view(), next, Scratch.BYTES);
            }
            if (runs.parts().isEmpty()) return;
            outlet.send(runs.frame(epoch));
            left(from, runs.parts());
        } finally {
            volume.scratch().giveBack(buffer);
        }
    }

    /** A frame of these parts is on its way. */
    private void left(Cut from, List<Blocks.Extent> parts) {
        inFlight.add(parts);
        source.with(() -> parts.forEach(from::sent));
        long bytes = 0;
        for (Blocks.Extent part : parts) {
            shippedBlocks += part.lengthBytes() / Blocks.BLOCK_BYTES;
            if (part.allocated()) bytes += part.lengthBytes();
        }
        payloadBytes += bytes;
        volume.meter().shipped(bytes);
    }

    /** The target tells what it has where this end is in doubt. */
    void answered(Frame frame) throws IOException {
        if (cut == null) throw new BadFrameException("digests outside an epoch");
        compare.answered(frame);
    }

    /** Sends the run up to the first damaged block, which is set aside. Returns how much was sent. */
    private long blocks(Cut from, long offsetBytes, int length) throws IOException {
        ByteBuffer buffer = volume.scratch().take().limit(length);
        try {
            int whole = whole(from, offsetBytes, buffer);
            if (whole > 0) outlet.send(Frame.of(FrameType.BLOCKS, epoch, offsetBytes, buffer.position(0).limit(whole)));
            return whole;
        } finally {
            volume.scratch().giveBack(buffer);
        }
    }

    private int whole(Cut from, long offsetBytes, ByteBuffer into) throws IOException {
        int length = into.remaining();
        while (length > 0) {
            try {
                from.view().read(offsetBytes, into.position(0).limit(length));
                return length;
            } catch (DamagedBlockException e) {
                fetch.setAside(e);
                length = (int) (e.offsetBytes() - offsetBytes);
            }
        }
        return 0;
    }

    /**
     * The first part of a run that reads alike; what is allocated is not looked at further than {@code farBytes}. What only a
     * larger target has becomes zero there, as it will be here once this end grows.
     */
    static Blocks.Extent pieceOf(Blocks view, Blocks.Extent run, int farBytes) throws IOException {
        long at = run.offsetBytes();
        if (at >= view.sizeBytes()) return new Blocks.Extent(at, run.lengthBytes(), false);
        long end = Math.min(run.endBytes(), view.sizeBytes());
        Blocks.Extent near = view.extentAt(at, Math.min(end, at + farBytes));
        return near.allocated() || near.lengthBytes() < farBytes ? near : view.extentAt(at, end);
    }

    /** So many of the epoch's frames are durable on the target. */
    void landed(long frames) {
        Cut of = cut;
        if (of == null) return;
        for (; landedFrames < frames && !inFlight.isEmpty(); landedFrames++) {
            List<Blocks.Extent> parts = inFlight.removeFirst();
            source.with(() -> parts.forEach(of::landed));
        }
    }

    /** The target has committed the epoch, durably; returns the snapshot that it was. */
    Optional<UUID> committed(long number) throws IOException {
        if (!sent || number != epoch || cut == null) throw new BadFrameException("COMMITTED " + number + " where epoch " + epoch + " is " + (sent ? "sent" : "under way"));
        Optional<UUID> snapshot = cut.snapshot();
        source.release(cut, true);
        cut = null;
        volume.ledger().progress(Mark.Progress.SYNCED, epoch);
        return snapshot;
    }

    long epoch() { return epoch; }

    /** What it has taken since this was last asked; what is shipped from here on is counted anew. */
    Effort takeEffort() {
        Effort effort = new Effort(shippedBlocks, payloadBytes, compare.takeDigestBytes());
        shippedBlocks = payloadBytes = 0;
        return effort;
    }

    /** Blocks of the running epoch that are left to compare or to send, and its size. */
    long blocksLeft() { return cut == null ? 0 : cut.blocksLeft(); }

    long blocksTotal() { return totalBlocks; }

    /** What the target may lack is remembered. */
    void stop() throws IOException {
        if (cut != null) source.release(cut, false);
        cut = null;
    }
}
