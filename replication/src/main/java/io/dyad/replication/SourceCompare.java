package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.replication.Blocks.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Narrows down what is in doubt before it ships: asks the target for digests, a bounded window ahead, and compares them
 * with the cut. What only one end has allocated needs no digest. One owner thread.
 */
final class SourceCompare {
    private static final int ASK_BYTES = 4 << 20;
    private static final int ASKS_AHEAD = 4;
    private static final int ABSENT_BYTES = 1 << 30;
    private static final long ABSENT = 0;
    private static final long PRESENT = 1;
    private final ReplicatedVolume volume;
    private final SourceSide source;
    private final Outlet outlet;
    private final SourceFetch fetch;
    private final Digests digests = new Digests();
    private final ArrayDeque<Extent> asked = new ArrayDeque<>();
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    private final ByteBuffer digest = ByteBuffer.allocate(Digests.BYTES);
    private @Nullable Cut cut;
    private long answeredTo;
    private long digestBytes;

    SourceCompare(ReplicatedVolume volume, Outlet outlet, SourceFetch fetch) {
        this.volume = volume;
        this.source = volume.source();
        this.outlet = outlet;
        this.fetch = fetch;
    }

    void begin(Cut now) {
        cut = now;
        asked.clear();
    }

    /** Asks for more; false when enough is asked or nothing is in doubt any more. */
    boolean ask() throws IOException {
        Cut from = Objects.requireNonNull(cut);
        if (asked.size() >= ASKS_AHEAD) return false;
        Extent run = from.toCompare().next(0, ABSENT_BYTES);
        if (run.lengthBytes() == 0) return false;
        Extent piece = EpochShipper.pieceOf(from.view(), run, ASK_BYTES);
        long length = Math.min(piece.lengthBytes(), piece.allocated() ? ASK_BYTES : ABSENT_BYTES);
        Extent ask = new Extent(piece.offsetBytes(), length, piece.allocated());
        outlet.send(Frame.of(FrameType.ASK, ask.allocated() ? PRESENT : ABSENT, ask.offsetBytes(), length));
        source.with(() -> from.asked(ask));
        if (asked.isEmpty()) answeredTo = ask.offsetBytes();
        asked.add(ask);
        return true;
    }

    /** True when nothing is in doubt and no answer is due. */
    boolean done() { return asked.isEmpty() && Objects.requireNonNull(cut).toCompare().isEmpty(); }

    /** The target tells what it has in a run, in the order asked. */
    void answered(Frame frame) throws IOException {
        Cut of = Objects.requireNonNull(cut);
        Extent ask = asked.peek();
        if (ask == null || frame.offsetBytes() != answeredTo || frame.lengthBytes() <= 0 || answeredTo + frame.lengthBytes() > ask.endBytes())
            throw new BadFrameException("digests at " + frame.offsetBytes() + " that were not asked for");
        ByteBuffer theirs = frame.payload();
        digestBytes += theirs.remaining();
        volume.meter().digested(theirs.remaining());
        long end = answeredTo + frame.lengthBytes();
        if (ask.allocated() && frame.number() == PRESENT && theirs.remaining() != frame.lengthBytes() / BLOCK_BYTES * Digests.BYTES)
            throw new BadFrameException(theirs.remaining() + " bytes of digests for " + frame.lengthBytes());
        if (!ask.allocated()) mark(of, frame.number() == ABSENT, answeredTo, frame.lengthBytes());
        else for (long at = answeredTo; at < end; at += BLOCK_BYTES) compare(of, at, frame.number(), theirs);
        answeredTo = end;
        if (end < ask.endBytes()) return;
        asked.remove();
        Extent next = asked.peek();
        if (next != null) answeredTo = next.offsetBytes();
    }

    private void compare(Cut of, long offsetBytes, long kind, ByteBuffer theirs) throws IOException {
        int next = theirs.position() + (kind == PRESENT ? Digests.BYTES : 0);
        try {
            mark(of, same(of, offsetBytes, kind, theirs), offsetBytes, BLOCK_BYTES);
        } catch (DamagedBlockException e) {
            fetch.setAside(e);
        }
        theirs.position(next);
    }

    private boolean same(Cut of, long offsetBytes, long kind, ByteBuffer theirs) throws IOException {
        of.view().read(offsetBytes, block.clear());
        block.flip();
        if (kind == ABSENT) return isZero(block);
        if (kind != PRESENT) return false;
        digests.put(block, digest.clear());
        return digest.flip().equals(theirs.slice(theirs.position(), Digests.BYTES));
    }

    private static boolean isZero(ByteBuffer bytes) {
        while (bytes.hasRemaining()) if (bytes.getLong() != 0) return false;
        return true;
    }

    private void mark(Cut of, boolean same, long offsetBytes, long lengthBytes) {
        source.with(() -> {
            if (same) of.same(offsetBytes, lengthBytes);
            else of.differs(offsetBytes, lengthBytes);
        });
    }

    long takeDigestBytes() {
        long taken = digestBytes;
        digestBytes = 0;
        return taken;
    }
}
