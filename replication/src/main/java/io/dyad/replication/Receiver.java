package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The target's end of one session over a pipe. One owner thread calls it.
 *
 * <pre>
 *   WAITING ──ATTACH──> COMPARED ──EPOCH──> TRANSFER ──END: one durable step──> STREAMING
 *                                              ^                                   │ EPOCH: the source's ring overflowed
 *                                              └───────────────────────────────────┘
 * </pre>
 *
 * An epoch is staged as a layer and committed by one manifest switch; until then the last point stands. A first sync has
 * no point to protect and is applied directly. Streamed writes are journalled, made durable together, acknowledged, applied.
 */
final class Receiver {
    enum Phase { WAITING, COMPARED, TRANSFER, STREAMING }

    private static final long FLUSH_EVERY_BYTES = 64 << 20;
    private static final long ACK_EVERY_BYTES = 1 << 20;
    private final ReplicatedVolume volume;
    private final FramePipe pipe;
    private final StreamBatch batch = new StreamBatch();
    private Phase phase = Phase.WAITING;
    private LayerStack.@Nullable Staged staged;
    private boolean direct;
    private long epoch;
    private long takenBytes;
    private long unackedBytes;
    private long frames;
    private long durableFrames;
    private long unflushedBytes;
    /** Not 0 at first: an earlier session may have left batches behind, which must never come back over what this one brings. */
    private long journalBytes = 1;
    private long durableSeq;
    private long epochBlocks;
    private long blocksLeft;

    Receiver(ReplicatedVolume volume, FramePipe pipe) {
        this.volume = volume;
        this.pipe = pipe;
    }

    Phase phase() { return phase; }

    long blocksLeft() { return Math.max(0, blocksLeft); }

    long blocksTotal() { return epochBlocks; }

    void frame(Frame frame) throws IOException {
        takenBytes += frame.wireBytes();
        unackedBytes += frame.wireBytes();
        switch (frame.type()) {
            case ATTACH -> attach(Hello.parse(frame.payload()));
            case EPOCH  -> begin(frame);
            case BLOCKS -> take(frame, true);
            case ZEROES -> take(frame, false);
            case END    -> commit(frame.number());
            case WRITE  -> stream(frame, true);
            case ZERO   -> stream(frame, false);
            case POSITION, DIVERGED, COMMITTED, ACK, DETACH -> throw new BadFrameException(frame.type() + " from a source");
        }
        if (unackedBytes >= ACK_EVERY_BYTES) acknowledge();
    }

    /** Says where this end stands, and which blocks may differ here: since the common point, or all there are. */
    private void attach(Hello source) throws IOException {
        Mark mark = volume.mark();
        Hello own = new Hello(mark.lineage(), mark.progress(), true, mark.epoch());
        pipe.send(Frame.of(FrameType.POSITION, mark.epoch(), 0, own.toBytes()));
        DirtyMap differing = Hello.base(source, own) == Hello.Base.FIRST_SYNC ? volume.allocated() : mark.dirty();
        for (Blocks.Extent run = differing.next(0, Long.MAX_VALUE); run.lengthBytes() > 0; run = differing.next(run.endBytes(), Long.MAX_VALUE))
            pipe.send(Frame.of(FrameType.DIVERGED, mark.epoch(), run.offsetBytes(), run.lengthBytes()));
        pipe.send(Frame.of(FrameType.DIVERGED, mark.epoch(), 0, 0));
        phase = Phase.COMPARED;
    }

    private void begin(Frame frame) throws IOException {
        settleStream();
        discardStaged();
        epoch = frame.number();
        direct = frame.offsetBytes() == 1;
        blocksLeft = epochBlocks = frame.lengthBytes();
        frames = durableFrames = 0;
        if (direct) volume.progress(Mark.Progress.PARTIAL, volume.mark().epoch());
        else staged = volume.stage();
        phase = Phase.TRANSFER;
    }

    private void take(Frame frame, boolean data) throws IOException {
        if (phase != Phase.TRANSFER) throw new BadFrameException(frame.type() + " outside an epoch");
        long length = frame.lengthBytes();
        if (frame.offsetBytes() < 0 || length <= 0 || frame.offsetBytes() + length > volume.sizeBytes()) throw new BadFrameException("blocks beyond the volume's end");
        LayerStack.Staged layer = staged;
        if (layer == null) volume.apply(frame.offsetBytes(), length, data ? frame.payload() : null);
        else if (data) layer.write(frame.offsetBytes(), frame.payload());
        else layer.zero(frame.offsetBytes(), length);
        blocksLeft -= length / Blocks.BLOCK_BYTES;
        frames++;
        unflushedBytes += data ? length : 0;
        if (direct && unflushedBytes >= FLUSH_EVERY_BYTES) {
            volume.flush();
            unflushedBytes = 0;
            durableFrames = frames;
        }
    }

    private void commit(long ended) throws IOException {
        if (phase != Phase.TRANSFER || ended != epoch) throw new BadFrameException("END " + ended + " outside its epoch");
        LayerStack.Staged layer = staged;
        if (layer == null) volume.commitDirect(epoch);
        else volume.commit(layer, epoch);
        staged = null;
        unflushedBytes = 0;
        pipe.send(Frame.of(FrameType.COMMITTED, epoch));
        phase = Phase.STREAMING;
    }

    private void stream(Frame frame, boolean data) throws IOException {
        if (phase != Phase.STREAMING) throw new BadFrameException(frame.type() + " outside a stream");
        long length = frame.lengthBytes();
        if (frame.offsetBytes() < 0 || length <= 0 || frame.offsetBytes() + length > volume.sizeBytes()) throw new BadFrameException("write beyond the volume's end");
        if (!batch.fits(data ? length : 0)) commitBatch();
        batch.add(frame.number(), frame.offsetBytes(), length, data ? frame.payload() : null);
    }

    private void commitBatch() throws IOException {
        if (batch.isEmpty()) return;
        long last = batch.lastSeq();
        journalBytes += batch.commit(volume);
        durableSeq = last;
        if (journalBytes >= FLUSH_EVERY_BYTES) settleStream();
    }

    /** Brings the journal's content to the disk for good, so that nothing older can come back over what follows. */
    private void settleStream() throws IOException {
        commitBatch();
        if (journalBytes == 0) return;
        volume.flush();
        volume.journal().reset();
        journalBytes = 0;
    }

    private void acknowledge() throws LinkDownException {
        pipe.send(new Frame(FrameType.ACK, durableSeq, takenBytes, durableFrames, ByteBuffer.allocate(0), () -> { }));
        unackedBytes = 0;
    }

    /** Called when no frame is waiting: makes durable what came, says so, and folds. False when nothing was left to do. */
    boolean step() throws IOException {
        boolean busy = !batch.isEmpty();
        commitBatch();
        if (busy || unackedBytes > 0) acknowledge();
        return staged == null && volume.fold() || busy;
    }

    /** Ends the session: what was acknowledged is on the disk, an unfinished epoch is dropped, the last point stands. */
    void stop() throws IOException {
        settleStream();
        discardStaged();
    }

    private void discardStaged() throws IOException {
        if (staged != null) staged.discard();
        staged = null;
    }
}
