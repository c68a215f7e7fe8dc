package io.dyad.replication;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Takes in epochs. An epoch is staged as a layer and committed by one manifest switch; until then the last point stands. A
 * first sync has no point to protect and is applied directly.
 */
final class EpochReceiver {
    private static final long FLUSH_EVERY_BYTES = 64 << 20;
    private final ReplicatedVolume volume;
    private LayerStack.@Nullable Staged staged;
    private boolean direct;
    private long epoch;
    private long frames;
    private long durableFrames;
    private long unflushedBytes;
    private long totalBlocks;
    private long blocksLeft;

    EpochReceiver(ReplicatedVolume volume) { this.volume = volume; }

    void begin(Frame frame) throws IOException {
        discard();
        epoch = frame.number();
        direct = frame.offsetBytes() == 1;
        blocksLeft = totalBlocks = frame.lengthBytes();
        frames = durableFrames = 0;
        if (direct) volume.progress(Mark.Progress.PARTIAL, volume.mark().epoch());
        else staged = volume.stage();
    }

    void take(Frame frame, boolean data) throws IOException {
        long length = frame.lengthBytes();
        volume.requireInside(frame);
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

    /** The epoch is whole: it becomes the volume's content, durably. */
    void commit(long ended) throws IOException {
        if (ended != epoch) throw new BadFrameException("END " + ended + " outside its epoch");
        LayerStack.Staged layer = staged;
        if (layer == null) volume.commitDirect(epoch);
        else volume.commit(layer, epoch);
        staged = null;
        unflushedBytes = 0;
    }

    /** True while a layer is being filled. */
    boolean staging() { return staged != null; }

    /** Frames of the running epoch whose blocks are durable. */
    long durableFrames() { return durableFrames; }

    long blocksLeft() { return Math.max(0, blocksLeft); }

    long blocksTotal() { return totalBlocks; }

    /** An unfinished epoch is dropped; the last point stands. */
    void discard() throws IOException {
        if (staged != null) staged.discard();
        staged = null;
    }
}
