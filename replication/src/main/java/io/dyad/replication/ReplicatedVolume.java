package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Mark.Bond;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
    private volatile long tellFromSeq;
    private volatile long pushedSeq;
    private volatile Runnable onAdmission = () -> { };
    private volatile Repair onDamage = damaged -> false;
    private final DamagedBlocks damage;
    private Mark mark;
    private LayerStack.@Nullable Staged staged;

    private ReplicatedVolume(VolumeId id, StoredVolume store, Shared shared, Mark mark) throws IOException {
        this.id = id;
        this.store = store;
        this.disk = store.disk();
        this.damage = new DamagedBlocks(disk);
        this.cuts = new VolumeCuts(this, lock, store);
        this.shared = shared;
        this.lag = new Lag(shared.ring(), mark);
        this.intake = new Intake(this, store.journal(), shared.scratch());
        this.synchrony = new Synchrony(lock, lag::seq, this::together, mark.bond().progress() == Mark.Progress.TOGETHER);
        this.mark = mark;
        this.staged = store.layers().unfinished().orElse(null);
        if (lag.unshared() > 0) lag.behind();
    }

    /** Takes over an opened volume: streamed writes that were journalled but not yet applied are applied first. */
    public static ReplicatedVolume open(VolumeId id, StoredVolume store, Shared shared) throws IOException {
        Mark found = replayed(store);
        boolean source = found.role() == Mark.Role.SOURCE;
        if (source && !found.clean()) found = found.afterCrash(DirtyMap.ofRegions(store.memo().intents(), store.disk().sizeBytes()));
        ReplicatedVolume volume = new ReplicatedVolume(id, store, shared, found);
        if (volume.mark.bond().stage() == 0) volume.dropStage();
        if (source && found.clean()) volume.remember(Mark.Role.SOURCE, false);
        if (store.journal().damaged()) volume.doubtAll();
        return volume;
    }

    /** The journal lets go of what is applied once the mark says so; a damaged one only when its loss has been noted. */
    private static Mark replayed(StoredVolume store) throws IOException {
        long last = StreamBatch.replay(store);
        Mark found = Mark.parse(store.memo().mark());
        if (last == 0 || store.journal().damaged()) return found;
        Mark reached = found.with(found.bond().reached(last));
        store.memo().mark(reached.toBytes());
        store.journal().reset();
        return reached;
    }

    /** Writes that were acknowledged are lost from the journal, nobody knows where: there is no common point any more. */
    private void doubtAll() throws IOException {
        progress(Mark.Progress.NONE, mark.bond().epoch());
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

    /** Tries to repair a damaged block from the other end, for a bounded time; false when there is none to ask. */
    public interface Repair {
        boolean tried(DamagedBlockException damaged);
    }

    /** Called by reads that meet a damaged block, on the reader's thread. */
    public void onDamage(Repair repair) { onDamage = repair; }

    /** Reads whatever the admission: for comparing and proving. A damaged block is read once more when it has been tried to repair it. */
    public void peek(long offsetBytes, ByteBuffer into) throws IOException {
        int start = into.position();
        long last = -1;
        while (true) {
            try {
                raw(offsetBytes, into.position(start));
                return;
            } catch (DamagedBlockException e) {
                damage.found(e);
                if (e.offsetBytes() <= last || !onDamage.tried(e)) throw e;
                last = e.offsetBytes();
            }
        }
    }

    /** Blocks that reads have found damaged, and that still are. */
    public long damagedBlocks() throws IOException { return damage.count(); }

    void foundDamaged(DamagedBlockException damaged) { damage.found(damaged); }

    /** Has the blocks repaired that a write of this range would only cover in part. */
    private void mendEdges(long offsetBytes, long length) throws IOException {
        long end = offsetBytes + length;
        if (offsetBytes % BLOCK_BYTES != 0) peek(offsetBytes - offsetBytes % BLOCK_BYTES, ByteBuffer.allocate(BLOCK_BYTES));
        if (end % BLOCK_BYTES != 0) peek(end - end % BLOCK_BYTES, ByteBuffer.allocate(BLOCK_BYTES));
    }

    private void raw(long offsetBytes, ByteBuffer into) throws IOException {
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
        long number = submit(offsetBytes, from);
        push();
        if (durable) flush();
        return number;
    }

    /** As {@link #write}, but nobody is told before {@link #push}, so that several can go to the target together. */
    public long submit(long offsetBytes, ByteBuffer from) throws IOException {
        mendEdges(offsetBytes, from.remaining());
        lock.lock();
        try {
            requireWritable();
            if (aligned(offsetBytes, from.remaining())) put(offsetBytes, from);
            else {
                int length = from.remaining();
                ByteBuffer whole = edges(offsetBytes, length);
                whole.slice((int) (offsetBytes % BLOCK_BYTES), length).put(from);
                put(offsetBytes - offsetBytes % BLOCK_BYTES, whole);
            }
            return lag.seq();
        } finally {
            lock.unlock();
        }
    }

    /** What was submitted may leave. */
    public void push() {
        long now = lag.seq();
        if (now == pushedSeq || now < tellFromSeq) return;
        pushedSeq = now;
        onWrite.run();
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
            if (tracked()) lag.failed(offsetBytes, lengthBytes);
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
            if (tracked()) lag.failed(offsetBytes, length);
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

    /** The blocks of a range, of which only those are read that it covers in part. */
    private ByteBuffer edges(long offsetBytes, int length) throws IOException {
        long first = offsetBytes - offsetBytes % BLOCK_BYTES;
        long end = offsetBytes + length;
        long last = end - end % BLOCK_BYTES;
        ByteBuffer whole = ByteBuffer.allocate((int) (Math.ceilDiv(end, BLOCK_BYTES) * (long) BLOCK_BYTES - first));
        if (first < offsetBytes) disk.read(first, whole.slice(0, BLOCK_BYTES));
        if (last < end && (last > first || first == offsetBytes)) disk.read(last, whole.slice((int) (last - first), BLOCK_BYTES));
        return whole;
    }

    private static boolean aligned(long offsetBytes, long length) { return (offsetBytes | length) % BLOCK_BYTES == 0; }

    // ---- what its end of a pair does: see PairEndpoint, Shipper, Receiver ----

    /** Called when there may be something to ship, by whoever wrote, outside the lock. */
    public void onWrite(Runnable wake) { onWrite = wake; }

    /** Tells whoever {@link #onWrite} told that there is something to do. */
    public void wake() { onWrite.run(); }

    long seq() { return lag.seq(); }

    Mark mark() { return locked(() -> current(mark.role(), mark.clean())); }

    private Mark current(Mark.Role role, boolean clean) { return new Mark(mark.bond(), role, clean, lag.since().copy(), lag.interrupted().copy(), lag.queue().copy()); }

    /** Where this end stands towards the other. */
    public Standing standing() { return locked(() -> new Standing(mark.bond().history(), lag.unshared())); }

    /** This volume belongs to no pair any more; its blocks stay. */
    public void leave() throws IOException {
        run(() -> {
            intake.settle();
            lag.stopRecording();
            dropStage();
            lag.forget();
            remember(Mark.empty());
        });
        synchrony.leave();
    }

    /** This volume belongs to that pair from now on; a history shared with another pair is forgotten. */
    void join(UUID lineage) throws IOException {
        run(() -> {
            if (mark.bond().lineage().equals(lineage)) return;
            dropStage();
            lag.forget();
            lag.behind();
            remember(Mark.empty().with(Bond.with(lineage)));
        });
    }

    /** Becomes a source, whose generation is the {@code fresh} one, or a target, durably, before the first write in that role. */
    void become(Mark.Role role, UUID fresh) throws IOException {
        run(() -> {
            if (mark.role() == role) return;
            intake.settle();
            lag.stopRecording();
            disk.flush();
            dropStage();
            lag.giveUp();
            Bond bond = mark.bond().progress(mark.bond().progress().shared(), mark.bond().epoch());
            mark = mark.with(role == Mark.Role.SOURCE ? bond.history(bond.history().begin(fresh)) : bond);
            remember(role, role != Mark.Role.SOURCE);
        });
    }

    /** Replaces how far the shared history goes. */
    void progress(Mark.Progress reached, long epoch) throws IOException {
        run(() -> bond(mark.bond().progress(mark.bond().progress().shared() == reached ? mark.bond().progress() : reached, epoch)));
    }

    private void bond(Bond now) throws IOException { remember(current(mark.role(), mark.clean()).with(now)); }

    private void remember(Mark.Role role, boolean clean) throws IOException { remember(current(role, clean)); }

    private void remember(Mark now) throws IOException {
        store.memo().mark(now.toBytes());
        mark = now;
    }

    /** Where the target stands: some of what it may lack turns out to be there. */
    void heard(Mark.Point point) {
        long held = locked(() -> lag.heard(point));
        if (held > 0) synchrony.madeDurable(held);
    }

    /** Everything up to this write of the source's stream is on this target's disk, durably. */
    void reached(long seq) throws IOException {
        run(() -> {
            if (seq > mark.bond().point().seq()) bond(mark.bond().reached(seq));
        });
    }

    /** The target may lack this too. */
    void lacks(Differing more) { run(() -> lag.lacks(more)); }

    /** Nothing is shared with the target: it may lack all of this. */
    void sharesNothing(Differing all) { run(() -> lag.sharesNothing(all)); }

    /** A cut: what the peer lacks at this moment, or up to a snapshot, readable as it was; what is good in its stage need not come again. */
    Cut cut(Cut.Plan plan) throws IOException {
        return locked(() -> plan.snapshot().isPresent() ? lag.cutSnapshot(store.snapshots().open(plan.snapshot().get()), plan, disk.sizeBytes())
            : lag.cut(store.layers().freeze(), plan));
    }

    /** All of the cut is sent: before the target makes it its content, what that leaves in doubt is remembered durably. */
    void sent(Cut cut) throws IOException {
        run(() -> {
            if (lag.leavesOlder(cut)) remember(mark.role(), mark.clean());
        });
    }

    /** The first snapshot that waits to be shipped. */
    Optional<UUID> waitingSnapshot() { return locked(() -> lag.queue().first().map(SnapshotQueue.Waiting::name)); }

    /** The target holds this snapshot. */
    void arrived(UUID snapshot) { run(() -> lag.arrived(snapshot)); }

    /** Which snapshots are to be on the target and are not, oldest first; those that do not exist here do not count. */
    void want(List<UUID> snapshots) { run(() -> lag.queue().want(snapshots, store.snapshots().names(), lag.since())); }

    /** True when the queue lacks a snapshot that exists. */
    boolean misses(UUID snapshot) { return locked(() -> !lag.queue().contains(snapshot) && store.snapshots().names().contains(snapshot)); }

    /** A cut that only reads: for comparing. */
    Pinned pin() throws IOException { return locked(() -> new Pinned(lag.seq(), store.layers().freeze())); }

    /** The content behind write {@code seq}. */
    record Pinned(long seq, LayerStack.Frozen view) { }

    /** A block that both ends are to hold alike, when it is whole here; else nothing. */
    ByteBuffer shared(long offsetBytes) throws IOException {
        return locked(() -> {
            if (offsetBytes >= sizeBytes() || lag.all().all().meets(offsetBytes, BLOCK_BYTES)) return ByteBuffer.allocate(0);
            try {
                ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
                disk.read(offsetBytes, block);
                return block.flip();
            } catch (DamagedBlockException e) {
                return ByteBuffer.allocate(0);
            }
        });
    }

    /** Puts a block that the other end holds whole, unless it is whole here by now, or the two are not to hold the same there. */
    void heal(long offsetBytes, ByteBuffer whole) throws IOException {
        run(() -> {
            if (!lag.all().all().meets(offsetBytes, BLOCK_BYTES) && !damage.isWhole(offsetBytes)) disk.write(offsetBytes, whole);
        });
    }

    /** Does something with a cut that hosts' writes must not meet. */
    void with(Runnable change) { run(change::run); }

    /** The peer has the cut, or what it lacks of it is remembered. */
    void release(Cut cut, boolean shipped) throws IOException {
        run(() -> {
            lag.release(cut, shipped);
            cut.view().close();
        });
        if (shipped) synchrony.madeDurable(cut.seq());
    }

    /** What comes behind write {@code seq} in the stream, when {@code ahead} snapshots have been sent that have not arrived. */
    Lag.Due due(long seq, int ahead) { return locked(() -> lag.due(seq, ahead)); }

    /** Everything up to that write is being sent now. */
    void sending(long lastSeq) { run(() -> lag.sending(lastSeq)); }

    /** Writes are told of ({@link #onWrite}) from this number on; until then whoever waits looks by itself. */
    void tellFrom(long seq) { tellFromSeq = seq; }

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

    private void together(boolean now) throws IOException { remember(current(mark.role(), mark.clean()).together(now)); }

    LagMeter meter() { return meter; }

    Rate clusterRate() { return shared.rate(); }

    /** Takes note of when writes were made; by whoever has just written, and by the owner thread. */
    public void sample(long nowNs) { meter.sample(lag.seq(), synchrony.durableSeq(), nowNs); }

    /** What this source's target lacks. */
    public LagMeter.Reading lag(long nowNs) { return meter.read(locked(lag::bytes), lag.seq(), synchrony.durableSeq(), nowNs); }

    Scratch scratch() { return shared.scratch(); }

    /** An empty layer to stage the epoch of that number in; what an earlier session left unfinished is dropped. */
    LayerStack.Staged stage(long number) throws IOException {
        return locked(() -> {
            dropStage();
            bond(mark.bond().stage(number));
            LayerStack.Staged fresh = store.layers().stage();
            staged = fresh;
            return fresh;
        });
    }

    /** The layer that an interrupted epoch has left. */
    Optional<LayerStack.Staged> staged() { return locked(() -> Optional.ofNullable(staged)); }

    /** What is in that layer. */
    Cut.Stage stageBlocks() throws IOException {
        LayerStack.Staged layer = staged().orElse(null);
        if (layer == null) return Cut.Stage.none();
        DirtyMap blocks = new DirtyMap();
        for (long at = 0; at < layer.sizeBytes(); ) {
            Blocks.Extent run = layer.filledAt(at, layer.sizeBytes());
            if (run.allocated()) blocks.mark(run.offsetBytes(), run.lengthBytes());
            at = run.endBytes();
        }
        return new Cut.Stage(mark().bond().stage(), blocks);
    }

    void dropStage() throws IOException {
        run(() -> {
            LayerStack.Staged gone = staged;
            staged = null;
            if (gone != null) gone.discard();
        });
    }

    /** Takes a durable snapshot of the content as it is now; {@code ship}: it is to be on the target too, in order. */
    void cut(UUID name, boolean ship) throws IOException {
        run(() -> {
            store.snapshots().take(name);
            if (ship && tracked()) lag.snapshot(name);
        });
        if (ship) onWrite.run();
    }

    /** A durable snapshot of the content as it is now; one of that name may be there already. */
    void keep(UUID snapshot) throws IOException {
        run(() -> {
            if (!store.snapshots().names().contains(snapshot)) store.snapshots().take(snapshot);
        });
    }

    /** The snapshots there are, oldest first. */
    public Set<UUID> snapshots() { return locked(() -> new LinkedHashSet<>(store.snapshots().names())); }

    /** Forgets a snapshot; unknown is fine. */
    public void forgetSnapshot(UUID snapshot) throws IOException { run(() -> store.snapshots().delete(snapshot)); }

    void requireInside(Frame frame) throws BadFrameException {
        long length = frame.lengthBytes();
        if (frame.offsetBytes() < 0 || length <= 0 || frame.offsetBytes() + length > sizeBytes())
            throw new BadFrameException(frame.type() + " of " + length + " bytes at " + frame.offsetBytes() + " in a volume of " + sizeBytes());
    }

    /** The current content, whatever hosts may do. */
    Blocks content() { return disk; }

    /** Applies a directly shipped piece of the source; null for zeroes. */
    void apply(long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) throws IOException { run(() -> change(disk, offsetBytes, lengthBytes, data)); }

    /** Applies streamed writes of the source. */
    void apply(ByteBuffer writes) throws IOException { run(() -> Writes.<IOException>each(writes, (seq, offset, length, data) -> change(disk, offset, length, data))); }

    static void change(Disk disk, long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) throws IOException {
        if (data == null) disk.zero(offsetBytes, lengthBytes);
        else disk.write(offsetBytes, data);
    }

    /** The staged epoch becomes this target's content, and nothing differs from the common point any more; one durable step. */
    void commit(long epoch, History source, Optional<UUID> snapshot) throws IOException {
        run(() -> {
            LayerStack.Staged whole = Objects.requireNonNull(staged);
            Mark now = committed(epoch, source);
            whole.commit(now.toBytes(), snapshot.filter(name -> !store.snapshots().names().contains(name)));
            staged = null;
            mark = now;
            lag.forget();
        });
    }

    private Mark committed(long epoch, History source) {
        Bond bond = new Bond(mark.bond().lineage(), Mark.Progress.SYNCED, new Mark.Point(epoch, 0), source, 0);
        return new Mark(bond, mark.role(), true, new Differing(), Interrupted.none(), new SnapshotQueue());
    }

    /** The first sync, applied directly, is complete. */
    void commitDirect(long epoch, History source, Optional<UUID> snapshot) throws IOException {
        disk.flush();
        if (snapshot.isPresent()) keep(snapshot.get());
        run(() -> {
            lag.forget();
            remember(committed(epoch, source));
        });
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

    private BitSet needed() { return tracked() ? lag.all().all().regions() : new BitSet(); }

    /** Closes in order: what the peer lacks is remembered to the block. */
    @Override public void close() throws IOException {
        synchrony.refuse(true);                          // who still waits is not answered
        lock.lock();
        try {
            admission = Admission.NOTHING;
            intake.settle();
            lag.stopRecording();
            lag.doubtUnanswered();
            disk.flush();
            store.memo().settle(needed());
            LayerStack.Staged unfinished = staged;
            if (unfinished != null) unfinished.flush();
            if (tracked()) remember(Mark.Role.SOURCE, true);
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
