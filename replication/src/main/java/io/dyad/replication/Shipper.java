package io.dyad.replication;

import static io.dyad.replication.ReplicatedVolume.PIECE_BYTES;

import io.dyad.replication.Hello.Base;
import io.dyad.replication.Lag.Cut;
import io.dyad.replication.WriteRing.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The source's end of one session over a pipe. One owner thread calls it.
 *
 * <pre>
 *   ATTACHING ──POSITION, DIVERGED…──> EPOCH ──all sent──> COMMITTING ──COMMITTED──> STREAMING
 *                                        ^                     │ ring overflowed meanwhile   │ ring overflowed
 *                                        └─────── next cut ────┴─────────────────────────────┘
 * </pre>
 *
 * An epoch is the blocks that differ at a cut, read from the frozen layers; from the cut the ring records, and when it
 * has not overflowed by the commit, streaming goes on from there. Bytes on their way are bounded by a window.
 */
final class Shipper {
    enum Phase { ATTACHING, EPOCH, COMMITTING, STREAMING }

    private static final long WINDOW_BYTES = 16 << 20;
    private static final int ZERO_RUN_BYTES = 1 << 30;
    private final ReplicatedVolume volume;
    private final FramePipe pipe;
    private final Hello own;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
    private final ArrayDeque<Blocks.Extent> inFlight = new ArrayDeque<>();
    private DirtyMap diverged = new DirtyMap();
    private Phase phase = Phase.ATTACHING;
    private Base base = Base.COMMON_POINT;
    private @Nullable Cut cut;
    private long epoch;
    private long cursorBytes;
    private long totalBlocks;
    private long sentBytes;
    private long ackedBytes;
    private long ackedFrames;
    private long sentSeq;
    private long durableSeq;
    private long shippedBlocks;
    private long payloadBytes;
    private long targetSeq;
    private boolean caughtUp;
    private boolean first;

    Shipper(ReplicatedVolume volume, FramePipe pipe) throws LinkDownException {
        this.volume = volume;
        this.pipe = pipe;
        Mark mark = volume.mark();
        this.own = new Hello(mark.lineage(), mark.progress(), volume.exact(), mark.epoch());
        send(Frame.of(FrameType.ATTACH, 1, 0, own.toBytes()));
    }

    Phase phase() { return phase; }

    /** True when this session made the first sync. */
    boolean firstSync() { return first; }

    /** True once the target has held everything since this session's stream began. */
    boolean caughtUp() { return caughtUp; }

    /** The resync has been reported: what is shipped from here on belongs to the next. */
    void resynced() {
        first = false;
        shippedBlocks = payloadBytes = 0;
    }

    long shippedBlocks() { return shippedBlocks; }

    long payloadBytes() { return payloadBytes; }

    /** The last write the target holds durably; meaningful while streaming. */
    long durableSeq() { return durableSeq; }

    /** Blocks of the running epoch that are left to send, and its size. */
    long blocksLeft() { return cut == null ? 0 : cut.blocks().count(); }

    long blocksTotal() { return totalBlocks; }

    void frame(Frame frame) throws IOException {
        switch (frame.type()) {
            case POSITION  -> base = Hello.base(own, Hello.parse(frame.payload()));
            case DIVERGED  -> diverged(frame);
            case ACK       -> acked(frame);
            case COMMITTED -> committed(frame.number());
            case ATTACH, EPOCH, BLOCKS, ZEROES, END, WRITE, ZERO, DETACH -> throw new BadFrameException(frame.type() + " from a target");
        }
    }

    private void diverged(Frame frame) throws IOException {
        if (frame.lengthBytes() > 0) {
            diverged.mark(frame.offsetBytes(), frame.lengthBytes());
            return;
        }
        if (base == Base.FIRST_SYNC) diverged.add(volume.allDirty());
        first = base != Base.COMMON_POINT;
        if (first) volume.progress(Mark.Progress.PARTIAL, own.epoch());
        epoch = Math.max(own.epoch(), frame.number());
        begin();
    }

    private void begin() throws IOException {
        Cut now = volume.cut(diverged);
        diverged = new DirtyMap();
        cut = now;
        epoch++;
        cursorBytes = 0;
        ackedFrames = 0;
        totalBlocks = now.blocks().count();
        sentSeq = durableSeq = now.seq();
        caughtUp = false;
        send(Frame.of(FrameType.EPOCH, epoch, base == Base.COMMON_POINT ? 0 : 1, now.blocks().count()));
        phase = Phase.EPOCH;
    }

    private void acked(Frame ack) {
        ackedBytes = ack.offsetBytes();
        if (phase == Phase.STREAMING) {
            durableSeq = Math.max(durableSeq, ack.number());
            volume.durableUpTo(durableSeq);
            if (durableSeq >= targetSeq) caughtUp = true;
        } else if (cut != null && base != Base.COMMON_POINT) {
            for (; ackedFrames < ack.lengthBytes() && !inFlight.isEmpty(); ackedFrames++) {
                volume.landed(cut, inFlight.removeFirst());
            }
        }
    }

    private void committed(long committedEpoch) throws IOException {
        if (phase != Phase.COMMITTING || committedEpoch != epoch || cut == null) throw new BadFrameException("COMMITTED " + committedEpoch + " while " + phase + " " + epoch);
        volume.release(cut, true);
        cut = null;
        inFlight.clear();
        base = Base.COMMON_POINT;
        volume.progress(Mark.Progress.SYNCED, epoch);
        if (!volume.recording()) {
            begin();
            return;
        }
        targetSeq = volume.seq();
        caughtUp = durableSeq >= targetSeq;
        phase = Phase.STREAMING;
    }

    /** One bounded piece of work; false when there is nothing to do until something arrives. */
    boolean step() throws IOException {
        boolean folded = cut == null && volume.fold();
        return switch (phase) {
            case ATTACHING, COMMITTING -> folded;
            case EPOCH -> windowOpen() && shipBlocks();
            case STREAMING -> windowOpen() && stream() || folded;
        };
    }

    private boolean windowOpen() { return sentBytes - ackedBytes < WINDOW_BYTES; }

    private boolean shipBlocks() throws IOException {
        Cut from = Objects.requireNonNull(cut);
        Blocks.Extent run = from.blocks().next(cursorBytes, ZERO_RUN_BYTES);
        if (run.lengthBytes() == 0) {
            send(Frame.of(FrameType.END, epoch));
            phase = Phase.COMMITTING;
            return true;
        }
        Blocks.Extent piece = pieceOf(from.view(), run);
        long length = piece.allocated() ? Math.min(piece.lengthBytes(), PIECE_BYTES) : piece.lengthBytes();
        if (piece.allocated()) {
            buffer.clear().limit((int) length);
            from.view().read(piece.offsetBytes(), buffer);
            send(Frame.of(FrameType.BLOCKS, epoch, piece.offsetBytes(), buffer.flip()));
            payloadBytes += length;
        } else send(Frame.of(FrameType.ZEROES, epoch, piece.offsetBytes(), length));
        if (base != Base.COMMON_POINT) inFlight.add(new Blocks.Extent(piece.offsetBytes(), length, piece.allocated()));
        shippedBlocks += length / Blocks.BLOCK_BYTES;
        cursorBytes = piece.offsetBytes() + length;
        return true;
    }

    /** The first part of a run that reads alike. What only a larger target has becomes zero there, as it will be here once this end grows. */
    private static Blocks.Extent pieceOf(Blocks view, Blocks.Extent run) throws IOException {
        if (run.offsetBytes() >= view.sizeBytes()) return new Blocks.Extent(run.offsetBytes(), run.lengthBytes(), false);
        return view.extentAt(run.offsetBytes(), Math.min(run.endBytes(), view.sizeBytes()));
    }

    private boolean stream() throws IOException {
        Entry entry = volume.entry(sentSeq + 1);
        if (entry == null) {
            if (volume.recording()) return false;
            begin();                                   // the ring overflowed: catch up by an epoch
            return true;
        }
        ByteBuffer data = entry.data();
        send(data == null ? Frame.of(FrameType.ZERO, entry.seq(), entry.offsetBytes(), entry.lengthBytes())
            : Frame.of(FrameType.WRITE, entry.seq(), entry.offsetBytes(), data.duplicate()));
        sentSeq = entry.seq();
        return true;
    }

    private void send(Frame frame) throws LinkDownException {
        sentBytes += frame.wireBytes();
        pipe.send(frame);
    }

    /** True when the target durably holds every write up to now. */
    boolean drained() { return phase == Phase.STREAMING && volume.quiet(); }

    /** Ends the session: what the target may lack goes back to the dirty map. */
    void stop() throws IOException {
        if (cut != null) volume.release(cut, false);
        cut = null;
        volume.stopRecording();
    }
}
