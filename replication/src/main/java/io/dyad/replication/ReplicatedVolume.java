package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.domain.VolumeId;
import io.dyad.replication.WriteRing.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A volume that knows what its peer may lack. Every write takes the one lock of the volume: there it reaches the disk,
 * gets its sequence number, and leaves either an entry in the ring or a mark in the dirty map. So overlapping writes
 * reach disk and stream in one order. Safe for any thread; reads and flushes take no lock.
 */
public final class ReplicatedVolume implements AutoCloseable {
    /** What hosts may do now. */
    public enum Admission { NOTHING, READ, WRITE }

    private final VolumeId id;
    private final StoredVolume store;
    private final Disk disk;
    private final Shared shared;
    private final Lag lag;
    private final Intake intake;
    private final Synchrony synchrony;
    private final LagMeter meter = new LagMeter();
    private volatile boolean throttling;
    private final ReentrantLock lock = new ReentrantLock();
    private final VolumeCuts cuts;
    private volatile Admission admission = Admission.NOTHING;
    private volatile boolean suspended;
    private volatile Runnable onWrite = () -> { };
    private volatile Runnable onAdmission = () -> { };
    private Mark mark;
    private volatile boolean exact;

    private ReplicatedVolume(VolumeId id, StoredVolume store, Shared shared, Mark mark) {
        this.id = id;
        this.store = store;
        this.disk = store.disk();
        this.cuts = new VolumeCuts(this, lock, store);
        this.shared = shared;
        this.lag = new Lag(shared.ring(), mark.dirty().copy());
        this.intake = new Intake(this, store.journal(), shared.scratch());
        this.synchrony = new Synchrony(lock, lag::seq, this::together, mark.progress() == Mark.Progress.TOGETHER);
        this.exact = mark.role() != Mark.Role.SOURCE || mark.clean();
        this.mark = exact ? mark : mark.withoutPart();
        if (!exact) lag.dirty().add(DirtyMap.ofRegions(store.memo().intents(), disk.sizeBytes()));
        if (!lag.dirty().isEmpty()) lag.behind();
    }

    /** Takes over an opened volume: streamed writes that were journalled but not yet applied are applied first. */
    public static ReplicatedVolume open(VolumeId id, StoredVolume store, Shared shared) throws IOException {
        StreamBatch.replay(store);
        ReplicatedVolume volume = new ReplicatedVolume(id, store, shared, Mark.parse(store.memo().mark()));
        if (volume.mark.role() == Mark.Role.SOURCE && volume.mark.clean()) volume.remember(volume.mark.with(Mark.Role.SOURCE, false, volume.lag.dirty().copy()));
        if (store.journal().damaged()) volume.doubtAll();
        return volume;
    }

    /** Writes that were acknowledged are lost from the journal, nobody knows where: there is no common point any more. */
    private void doubtAll() throws IOException {
        progress(Mark.Progress.NONE, mark.epoch());
        store.journal().reset();
    }

    public VolumeId id() { return id; }

    public long sizeBytes() { return disk.sizeBytes(); }

    public Admission admission() { return suspended ? Admission.NOTHING : admission; }

    /** What hosts may do from now on. When it returns, no write that it forbids is still under way. */
    public void admit(Admission now) {
        Admission before = admission();
        run(() -> admission = now);
        if (before != admission()) onAdmission.run();
    }

    /** Hosts may write no more, even once the volume is no longer suspended. */
    void fence() {
        if (admission == Admission.WRITE) admit(Admission.READ);
    }

    /** While suspended it serves no host, whatever it admits; its end of a pair works on. */
    public void suspend(boolean now) {
        Admission before = admission();
        run(() -> suspended = now);
        if (before != admission()) onAdmission.run();
    }

    /** Called after each change of the admission, by whoever changed it. */
    public void onAdmission(Runnable changed) { onAdmission = changed; }

    // ---- what a host does ----

    /** Reads any range. */
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        if (admission() == Admission.NOTHING) throw new NotWritableException("volume " + id + " serves no host now");
        peek(offsetBytes, into);
    }

    /** Reads whatever the admission: for comparing and proving. */
    public void peek(long offsetBytes, ByteBuffer into) throws IOException {
        int length = into.remaining();
        if (aligned(offsetBytes, length)) disk.read(offsetBytes, into);
        else into.put(widened(offsetBytes, length).slice((int) (offsetBytes % BLOCK_BYTES), length));
    }

    public Blocks.Extent extentAt(long offsetBytes, long endBytes) throws IOException { return disk.extentAt(offsetBytes, endBytes); }

    /**
     * Writes any range; smaller than a block is widened to whole blocks under the lock. {@code durable}: as a flush after it.
     * Returns the number of the write, which the host may be answered for once {@link Synchrony#acknowledged}.
     */
    public long write(long offsetBytes, ByteBuffer from, boolean durable) throws IOException {
        long number;
        lock.lock();
        try {
            requireWritable();
            if (aligned(offsetBytes, from.remaining())) put(offsetBytes, from);
            else {
                int length = from.remaining();
                ByteBuffer whole = widened(offsetBytes, length);
                whole.slice((int) (offsetBytes % BLOCK_BYTES), length).put(from);
                put(offsetBytes - offsetBytes % BLOCK_BYTES, whole);
            }
            number = lag.seq();
        } finally {
            lock.unlock();
        }
        onWrite.run();
        if (durable) flush();
        return number;
    }

    /** Makes any range read as zeroes; as {@link #write}. */
    public long zero(long offsetBytes, long lengthBytes, boolean durable) throws IOException {
        long first = Math.ceilDiv(offsetBytes, BLOCK_BYTES) * (long) BLOCK_BYTES;
        long last = (offsetBytes + lengthBytes) / BLOCK_BYTES * BLOCK_BYTES;
        if (first > last) write(offsetBytes, ByteBuffer.allocate((int) lengthBytes), false);
        else {
            if (first > offsetBytes) write(offsetBytes, ByteBuffer.allocate((int) (first - offsetBytes)), false);
            if (last > first) zeroBlocks(first, last - first);
            if (offsetBytes + lengthBytes > last) write(last, ByteBuffer.allocate((int) (offsetBytes + lengthBytes - last)), false);
        }
        onWrite.run();
        if (durable) flush();
        return lag.seq();
    }

    /** Whether a Sync source that catches up has room for a write now; one that comes without is taken, but costs another epoch. */
    public boolean hasRoom(int bytes) { return !throttling || locked(() -> lag.hasRoom(Math.min(bytes, RingBudget.PIECE_BYTES))); }

    /** Makes durable here what was acknowledged before the call; on the target see {@link Synchrony#demand}. */
    public void flush() throws IOException { disk.flush(); }

    /** Grows the volume; the new blocks are zero on both ends, so nothing is dirty. */
    public void grow(long sizeBytes) throws IOException { run(() -> disk.grow(sizeBytes)); }

    /** Replaces whole blocks whatever the admission, as a host's write else: for {@link BlockCopy}. */
    void fill(long offsetBytes, ByteBuffer from) throws IOException {
        run(() -> put(offsetBytes, from));
        onWrite.run();
    }

    /** Makes whole blocks zero whatever the admission. */
    void clear(long offsetBytes, long lengthBytes) throws IOException {
        run(() -> wipe(offsetBytes, lengthBytes));
        onWrite.run();
    }

    /** Its durable cuts and the views on them. */
    public VolumeCuts cuts() { return cuts; }

    private void zeroBlocks(long offsetBytes, long lengthBytes) throws IOException {
        run(() -> {
            requireWritable();
            wipe(offsetBytes, lengthBytes);
        });
    }

    private void wipe(long offsetBytes, long lengthBytes) throws IOException {
        try {
            disk.zero(offsetBytes, lengthBytes);
            if (tracked()) lag.zeroed(offsetBytes, lengthBytes);
        } catch (IOException e) {
            if (tracked()) lag.doubt(offsetBytes, lengthBytes);
            throw e;
        }
    }

    private void put(long offsetBytes, ByteBuffer from) throws IOException {
        int length = from.remaining();
        try {
            if (!tracked()) {
                disk.write(offsetBytes, from);
                return;
            }
            for (long at = offsetBytes; from.hasRemaining(); at += RingBudget.PIECE_BYTES) {
                ByteBuffer piece = from.slice(from.position(), Math.min(RingBudget.PIECE_BYTES, from.remaining()));
                from.position(from.position() + piece.remaining());
                disk.write(at, piece.duplicate());
                lag.wrote(at, piece);
            }
            meter.wrote(length);
        } catch (IOException e) {
            if (tracked()) lag.doubt(offsetBytes, length);
            throw e;
        }
    }

    private boolean tracked() { return mark.role() == Mark.Role.SOURCE; }

    private void requireWritable() throws IOException {
        synchrony.requireAnswering();
        if (admission() != Admission.WRITE) throw new NotWritableException("volume " + id + " is not open for writing");
    }

    private ByteBuffer widened(long offsetBytes, int length) throws IOException {
        long first = offsetBytes - offsetBytes % BLOCK_BYTES;
        long last = Math.ceilDiv(offsetBytes + length, BLOCK_BYTES) * (long) BLOCK_BYTES;
        ByteBuffer whole = ByteBuffer.allocate((int) (last - first));
        disk.read(first, whole);
        return whole.flip();
    }

    private static boolean aligned(long offsetBytes, long length) { return (offsetBytes | length) % BLOCK_BYTES == 0; }

    // ---- what its end of a pair does: see PairEndpoint, Shipper, Receiver ----

    /** Called after every host write, outside the lock. */
    public void onWrite(Runnable wake) { onWrite = wake; }

    /** Tells whoever {@link #onWrite} told that there is something to do. */
    public void wake() { onWrite.run(); }

    long seq() { return lag.seq(); }

    Mark mark() { return locked(() -> new Mark(mark.lineage(), mark.progress(), mark.role(), mark.clean(), mark.epoch(), lag.dirty().copy())); }

    /** This volume belongs to no pair any more; its blocks stay. */
    public void leave() throws IOException {
        run(() -> {
            intake.settle();
            lag.stopRecording();
            lag.forget();
            remember(Mark.empty());
        });
        synchrony.leave();
    }

    /** This volume belongs to that pair from now on; a history shared with another pair is forgotten. */
    void join(UUID lineage) throws IOException {
        run(() -> {
            if (mark.lineage().equals(lineage)) return;
            lag.forget();
            lag.behind();
            remember(new Mark(lineage, Mark.Progress.NONE, Mark.Role.NONE, true, 0, lag.dirty().copy()));
        });
    }

    /** Becomes a source or a target, or neither, durably, before the first write in that role. The dirty map goes along. */
    void become(Mark.Role role) throws IOException {
        run(() -> {
            if (mark.role() == role) return;
            intake.settle();
            lag.stopRecording();
            disk.flush();
            remember(mark.with(role, role != Mark.Role.SOURCE, lag.dirty().copy()));
        });
    }

    /** Replaces how far the shared history goes. */
    void progress(Mark.Progress reached, long epoch) throws IOException { run(() -> remember(new Mark(mark.lineage(), mark.progress().shared() == reached ? mark.progress() : reached, mark.role(), mark.clean(), epoch, lag.dirty().copy()))); }

    private void remember(Mark now) throws IOException {
        store.memo().mark(now.toBytes());
        mark = now;
    }

    /** A cut: the blocks the peer lacks at this moment, readable as they are now. From here the ring records. */
    Lag.Cut cut(DirtyMap more) throws IOException {
        return locked(() -> {
            lag.lacks(more);                                 // also when the freeze fails
            return lag.cut(store.layers().freeze());
        });
    }

    /** A part of the cut has landed durably. */
    void landed(Lag.Cut cut, Blocks.Extent part) { run(() -> cut.blocks().clear(part.offsetBytes(), part.lengthBytes())); }

    /** The peer has the cut, or what is left of it goes back to the dirty map. */
    void release(Lag.Cut cut, boolean shipped) throws IOException {
        run(() -> {
            lag.release(cut, shipped);
            cut.view().close();
        });
        if (shipped) synchrony.madeDurable(cut.seq());
    }

    @Nullable Entry entry(long wanted) {
        lock.lock();
        try {
            return lag.entry(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** The target holds everything up to this write durably. */
    void durableUpTo(long durableSeq) {
        run(() -> lag.durableUpTo(durableSeq));
        synchrony.madeDurable(durableSeq);
    }

    /** True while every write since the cut is in the ring. */
    boolean recording() { return locked(lag::recording); }

    /** No more recording: what the peer lacks is in the dirty map alone. */
    void stopRecording() { run(lag::stopRecording); }

    /** True when the peer lacks nothing, as far as this end knows. */
    boolean quiet() { return locked(lag::isEmpty); }

    /** Blocks the peer lacks now. */
    public long dirtyBlocks() { return locked(() -> lag.all().count()); }

    Intake intake() { return intake; }

    public Synchrony synchrony() { return synchrony; }

    /** From now on a write that finds no room waits a little; or no longer. */
    void throttle(boolean now) { throttling = now; }

    private void together(boolean now) throws IOException { remember(mark.together(now, lag.dirty().copy())); }

    LagMeter meter() { return meter; }

    Rate clusterRate() { return shared.rate(); }

    /** Takes note of when writes were made; by whoever has just written, and by the owner thread. */
    public void sample(long nowNs) { meter.sample(lag.seq(), synchrony.durableSeq(), nowNs); }

    /** What this source's target lacks. */
    public LagMeter.Reading lag(long nowNs) { return meter.read(locked(lag::bytes), lag.seq(), synchrony.durableSeq(), nowNs); }

    Scratch scratch() { return shared.scratch(); }

    /** A fresh layer to stage an epoch in; what an interrupted one left is dropped. */
    LayerStack.Staged stage() throws IOException {
        Optional<LayerStack.Staged> left = store.layers().unfinished();
        if (left.isPresent()) left.get().discard();
        return store.layers().stage();
    }

    void requireInside(Frame frame) throws BadFrameException {
        long length = frame.lengthBytes();
        if (frame.offsetBytes() < 0 || length <= 0 || frame.offsetBytes() + length > sizeBytes())
            throw new BadFrameException(frame.type() + " of " + length + " bytes at " + frame.offsetBytes() + " in a volume of " + sizeBytes());
    }

    /** Applies a streamed or directly shipped write of the source; null for zeroes. */
    void apply(long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) throws IOException {
        run(() -> {
            if (data == null) disk.zero(offsetBytes, lengthBytes);
            else disk.write(offsetBytes, data);
        });
    }

    /** The staged epoch becomes this target's content, and nothing differs from the common point any more; one durable step. */
    void commit(LayerStack.Staged staged, long epoch) throws IOException {
        run(() -> {
            Mark now = new Mark(mark.lineage(), Mark.Progress.SYNCED, mark.role(), true, epoch, new DirtyMap());
            staged.commit(now.toBytes(), Optional.empty());
            mark = now;
            lag.forget();
        });
    }

    /** The first sync, applied directly, is complete. */
    void commitDirect(long epoch) throws IOException {
        disk.flush();
        run(() -> {
            lag.forget();
            remember(new Mark(mark.lineage(), Mark.Progress.SYNCED, mark.role(), true, epoch, lag.dirty().copy()));
        });
    }

    /** False after a crash as a source: then a first sync cannot go on where it stopped. */
    boolean exact() { return exact; }

    /** Everything allocated, for a first sync; from here on the dirty map can be trusted again. */
    DirtyMap allDirty() throws IOException {
        exact = true;
        return allocated();
    }

    public long allocatedBytes() throws IOException { return allocated().count() * BLOCK_BYTES; }

    DirtyMap allocated() throws IOException {
        DirtyMap map = new DirtyMap();
        long size = disk.sizeBytes();
        for (long at = 0; at < size; ) {
            Blocks.Extent run = disk.extentAt(at, size);
            if (run.allocated()) map.mark(run.offsetBytes(), run.lengthBytes());
            at = run.endBytes();
        }
        return map;
    }

    /** One bounded step of folding layers; false when there is none to fold. */
    public boolean fold() throws IOException { return locked(() -> store.layers().fold(256)); }

    /** Lets go of write intents that neither the disk nor the peer needs any more. Now and then. */
    public void settle() throws IOException {
        disk.flush();
        run(() -> store.memo().settle(needed()));
    }

    private BitSet needed() { return tracked() ? lag.all().regions() : new BitSet(); }

    /** Closes in order: what the peer lacks is remembered to the block. */
    @Override public void close() throws IOException {
        synchrony.refuse(true);                          // who still waits is not answered
        lock.lock();
        try {
            admission = Admission.NOTHING;
            intake.settle();
            lag.stopRecording();
            disk.flush();
            store.memo().settle(needed());
            if (tracked()) remember(mark.with(Mark.Role.SOURCE, true, lag.dirty().copy()));
        } finally {
            lock.unlock();
            store.close();
        }
    }

    private interface Ask<T, E extends Exception> {
        T get() throws E;
    }

    private interface Step<E extends Exception> {
        void run() throws E;
    }

    private <T, E extends Exception> T locked(Ask<T, E> ask) throws E {
        lock.lock();
        try {
            return ask.get();
        } finally {
            lock.unlock();
        }
    }

    private <E extends Exception> void run(Step<E> step) throws E {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }
}
