package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes in epochs. An epoch is staged as a layer and committed by one manifest switch; until then the last point stands, and
 * what a broken session has left staged waits for the next one. A first sync has no point to protect and is applied directly.
 * Before blocks are overwritten that only this end may hold, the {@link Keeper} keeps them.
 */
final class EpochReceiver {
    static final int FRESH = 0;
    static final int DIRECT = 1;
    static final int CONTINUED = 2;
    private static final long FLUSH_EVERY_BYTES = 64 << 20;
    /** Over a slow link the first of what is not durable yet waits this long at most: what a crash loses has to come again. */
    private static final long FLUSH_EVERY_NS = 250_000_000;
    private final ReplicatedVolume volume;
    private final TargetSide target;
    private final Keeper keeper;
    private History source = History.none();
    private DirtyMap own = new DirtyMap();
    private @Nullable Staged staged;
    private long epoch;
    private long frames;
    private long durableFrames;
    /** Frames whose blocks are durable or being made so. */
    private long flushedFrames;
    private @Nullable Flush underWay;
    private long unflushedBytes;
    private long unflushedSinceNs;
    private long totalBlocks;
    private long blocksLeft;

    /** Takes a durable snapshot of this end's content. */
    interface Keeper {
        /** {@code blocks}: how many of them only this end may hold. */
        void keep(long blocks) throws IOException;
    }

    /** What one force makes durable: the first {@code frames} of the epoch. */
    private record Flush(long frames) { }

    EpochReceiver(ReplicatedVolume volume, Keeper keeper) {
        this.volume = volume;
        this.target = volume.target();
        this.keeper = keeper;
    }

    /** Whose writes will come, and which blocks only this end may hold. */
    void attached(History writer, DirtyMap alone) {
        source = writer;
        own = alone;
    }

    void begin(Frame frame) throws IOException {
        epoch = frame.number();
        blocksLeft = totalBlocks = frame.lengthBytes();
        fresh();
        int how = (int) frame.offsetBytes();
        staged = switch (how) {
            case FRESH     -> target.stage(epoch);
            case DIRECT    -> null;
            case CONTINUED -> target.staged().orElseThrow(() -> new BadFrameException("an epoch goes on with a layer that is not here"));
            default        -> throw new BadFrameException("an epoch that is to go " + how);
        };
        if (staged == null) target.flush();              // what digests compare is durable before the source takes it for landed
        else staged.flush();
    }

    private void fresh() {
        frames = durableFrames = flushedFrames = unflushedBytes = 0;
        underWay = null;
    }

    /** What is due to be made durable; null when nothing is, or while some is under way. */
    @Nullable Force force(long nowNs) {
        boolean due = unflushedBytes >= FLUSH_EVERY_BYTES || nowNs - unflushedSinceNs >= FLUSH_EVERY_NS;
        if (underWay != null || frames == flushedFrames || !due) return null;
        Staged layer = staged;
        Flush begun = new Flush(frames);
        underWay = begun;
        flushedFrames = frames;
        unflushedBytes = 0;
        return new Force(layer == null ? target::flush : layer::flush, failure -> flushed(begun, failure));
    }

    /** Nothing, if the epoch has ended meanwhile. */
    private void flushed(Flush done, @Nullable IOException failure) throws IOException {
        if (underWay != done) return;
        underWay = null;
        if (failure != null) throw failure;
        durableFrames = done.frames;
    }

    /** When {@link #force} is due without anything coming, or never. */
    long dueNs(long neverNs) { return frames == flushedFrames || underWay != null ? neverNs : unflushedSinceNs + FLUSH_EVERY_NS; }

    /** What would be here if the epoch ended now. */
    Blocks content() { return staged != null ? staged : target.content(); }

    /** Blocks of the epoch, runs of them, or zeroes. */
    void take(Frame frame, long nowNs) throws IOException {
        if (frame.type() != FrameType.RUNS) frame.requireInside(volume.sizeBytes());
        if (frames == flushedFrames) unflushedSinceNs = nowNs;
        if (frames == 0 && staged == null) beginDirect();
        if (frame.type() == FrameType.RUNS) Runs.each(frame, volume.sizeBytes(), (offset, blocks) -> put(offset, blocks.remaining(), blocks));
        else put(frame.offsetBytes(), frame.lengthBytes(), frame.type() == FrameType.BLOCKS ? frame.payload() : null);
        frames++;
    }

    private void beginDirect() throws IOException {
        keep(!own.isEmpty());
        volume.ledger().progress(Mark.Progress.PARTIAL, volume.ledger().bond().epoch());
    }

    /** Null for zeroes. */
    private void put(long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) throws IOException {
        Staged layer = staged;
        if (layer == null) target.apply(offsetBytes, lengthBytes, data);
        else if (data != null) layer.write(offsetBytes, data);
        else layer.zero(offsetBytes, lengthBytes);
        blocksLeft -= lengthBytes / Blocks.BLOCK_BYTES;
        if (data != null) unflushedBytes += lengthBytes;
    }

    /** True when the staged layer holds blocks in whose place this end has its own. */
    private boolean overwrites() throws IOException {
        DirtyMap overwritten = target.stageBlocks().blocks();
        overwritten.retain(own);
        return !overwritten.isEmpty();
    }

    private void keep(boolean overwritten) throws IOException {
        if (overwritten) keeper.keep(own.count());
        own = new DirtyMap();
    }

    /**
     * The epoch is whole: it becomes the volume's content, durably, and that a snapshot where one is named. {@code leftOut}: blocks
     * that the source cannot read. What this end holds there of its own is kept too: a write that comes later overwrites it, and
     * from here on nobody knows whose it was.
     */
    void commit(long ended, Optional<UUID> snapshot, long leftOut) throws IOException {
        if (ended != epoch) throw new BadFrameException("END " + ended + " outside its epoch");
        if (!own.isEmpty()) keep(leftOut > 0 || overwrites());
        if (snapshot.isPresent()) volume.cuts().requireRoomFor(snapshot.get());      // what was kept may have taken the last place
        if (staged == null) target.commitDirect(epoch, source, snapshot);
        else target.commit(epoch, source, snapshot);
        staged = null;
        fresh();                                         // an acknowledgement from here on is not of the source's next epoch
    }

    /** True while a layer is being filled. */
    boolean staging() { return staged != null; }

    /** Frames of the running epoch whose blocks are durable. */
    long durableFrames() { return durableFrames; }

    long blocksLeft() { return Math.max(0, blocksLeft); }

    long blocksTotal() { return totalBlocks; }

    /** The session ends: what is staged waits for the next. */
    void stop() throws IOException {
        underWay = null;
        if (staged != null) staged.flush();
        staged = null;
    }
}
