package io.dyad.replication;

import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * A volume that knows what its peer may lack. It has one lock and a room for each who comes to it:
 *
 * <pre>
 *   hosts        ── {@link HostSide}   ─┐   what they may do, reads and writes of any range
 *   snapshots    ── {@link VolumeCuts} ─┤   cuts, and views on them
 *   a source's   ── {@link SourceSide} ─┼── {@link TrackedDisk}: under the lock a write reaches the disk, gets its number,
 *     session                  │   and leaves an entry in the ring or a mark in the dirty map ({@link Lag})
 *   a target's   ── {@link TargetSide} ─┘   staged, committed, streamed in
 *     session
 *                    {@link Ledger}         what is known of the other end, durably the {@link Mark}
 * </pre>
 *
 * Here are the turns in its life: it is opened, joins a pair, becomes source or target, leaves, and is closed. Safe for any thread.
 */
public final class ReplicatedVolume implements AutoCloseable {
    private static final int FOLD_BLOCKS = 256;
    private final StoredVolume store;
    private final Disk disk;
    private final Shared shared;
    private final LagMeter meter = new LagMeter();
    private final Bell bell = new Bell();
    private final Lag lag;
    private final Ledger ledger;
    private final VolumeLock lock;
    private final Synchrony synchrony;
    private final TrackedDisk tracked;
    private final DamagedBlocks damage;
    private final HostSide host;
    private final VolumeCuts cuts;
    private final SourceSide source;
    private final TargetSide target;

    private ReplicatedVolume(VolumeId id, StoredVolume store, Shared shared, Mark mark) throws IOException {
        this.store = store;
        this.disk = store.disk();
        this.shared = shared;
        this.lag = new Lag(shared.ring(), mark);
        this.ledger = new Ledger(id, store.memo(), lag, mark);
        this.lock = ledger.lock();
        this.synchrony = new Synchrony(lock, lag::seq, ledger::together, mark.bond().progress() == Mark.Progress.TOGETHER);
        this.tracked = new TrackedDisk(disk, ledger, meter);
        this.damage = new DamagedBlocks(store, ledger);
        this.host = new HostSide(ledger, tracked, damage, synchrony, bell);
        this.cuts = new VolumeCuts(ledger, store, damage, bell);
        this.source = new SourceSide(ledger, store, synchrony, bell);
        this.target = new TargetSide(ledger, store, cuts, shared.scratch());
        if (lag.unshared() > 0) lag.behind();
    }

    // ---- the turns in its life ----

    /** Takes over an opened volume: streamed writes that were journalled but not yet applied are applied first. */
    public static ReplicatedVolume open(VolumeId id, StoredVolume store, Shared shared) throws IOException {
        Mark found = replayed(store);
        if (found.role() == Mark.Role.SOURCE && !found.clean())
            found = found.afterCrash(DirtyMap.ofRegions(store.memo().intents(), store.disk().sizeBytes()));
        ReplicatedVolume volume = new ReplicatedVolume(id, store, shared, found);
        if (found.bond().stage() == 0) volume.target.dropStage();
        if (found.clean()) volume.ledger.clean(false);
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
        ledger.progress(Mark.Progress.NONE, ledger.bond().epoch());
        store.journal().reset();
    }

    /** This volume belongs to that pair from now on; a history shared with another pair is forgotten. */
    void join(UUID lineage) throws IOException {
        long before = lock.get(() -> {
            if (ledger.bond().lineage().equals(lineage)) return 0L;
            target.dropStage();
            long written = lag.seq();
            ledger.join(lineage);
            return written;
        });
        synchrony.madeDurable(before);                   // nobody waits for it any more
    }

    /** Becomes a source, whose generation is the {@code fresh} one, or a target, durably, before the first write in that role. */
    void become(Mark.Role role, UUID fresh) throws IOException {
        long before = lock.get(() -> {
            Mark.Role was = ledger.role();
            if (was == role) return 0L;
            rest();
            disk.flush();
            target.dropStage();
            ledger.become(role, fresh);
            boolean owesNothing = was == Mark.Role.TARGET && ledger.bond().progress() == Mark.Progress.SYNCED && lag.unshared() == 0;
            return owesNothing ? lag.seq() : 0;
        });
        synchrony.madeDurable(before);                   // a target that takes over has nothing of an earlier turn to ship
    }

    /** Nothing is on its way in or out. */
    private void rest() throws IOException {
        target.intake().settle();
        lag.stopRecording();
    }

    /** This volume belongs to no pair any more; its blocks stay. */
    public void leave() throws IOException {
        lock.run(() -> {
            rest();
            target.dropStage();
            ledger.forget();
        });
        synchrony.leave();
    }

    /** Closes in order: what the peer lacks is remembered to the block. */
    @Override public void close() throws IOException {
        synchrony.refuse(true);                          // who still waits is not answered
        lock.lock();
        try {
            host.shut();
            rest();
            lag.doubtUnanswered();
            settle();
            target.flushStage();
            ledger.clean(true);
        } finally {
            lock.unlock();
            store.close();
        }
    }

    // ---- its rooms ----

    /** For hosts. */
    public HostSide host() { return host; }

    /** Its durable cuts and the views on them. */
    public VolumeCuts cuts() { return cuts; }

    /** Whether hosts wait for the target too. */
    public Synchrony synchrony() { return synchrony; }

    SourceSide source() { return source; }

    TargetSide target() { return target; }

    Ledger ledger() { return ledger; }

    DamagedBlocks damage() { return damage; }

    LagMeter meter() { return meter; }

    Rate clusterRate() { return shared.rate(); }

    Scratch scratch() { return shared.scratch(); }

    // ---- what it is, whoever asks ----

    public VolumeId id() { return ledger.id(); }

    public long sizeBytes() { return disk.sizeBytes(); }

    /** Where this end stands towards the other. */
    public Standing standing() { return ledger.standing(); }

    /** Blocks the peer lacks now. */
    public long dirtyBlocks() { return ledger.dirtyBlocks(); }

    /** Takes note of when writes were made; by whoever has just written, and by the owner thread. */
    public void sample(long nowNs) { meter.sample(lag.seq(), synchrony.durableSeq(), nowNs); }

    /** What this source's target lacks. */
    public LagMeter.Reading lag(long nowNs) { return meter.read(lock.get(lag::bytes), lag.seq(), synchrony.durableSeq(), nowNs); }

    /** Called when there may be something to ship, by whoever wrote, outside the lock. */
    public void onWrite(Runnable wake) { bell.onRing(wake); }

    /** Tells whoever {@link #onWrite} told that there is something to do. */
    public void wake() { bell.ring(); }

    // ---- its content, whoever asks ----

    /** Tries to repair a damaged block from the other end, for a bounded time; false when there is none to ask. */
    public interface Repair {
        boolean tried(DamagedBlockException damaged);
    }

    /** Called by reads that meet a damaged block, on the reader's thread. */
    public void onDamage(Repair repair) { damage.onDamage(repair); }

    /** Blocks that reads have found damaged, and that still are. */
    public long damagedBlocks() throws IOException { return damage.count(); }

    /** Reads any range whatever the admission: for comparing and proving. A damaged block is read once more when it has been tried to repair it. */
    public void peek(long offsetBytes, ByteBuffer into) throws IOException { damage.read(offsetBytes, into); }

    public Blocks.Extent extentAt(long offsetBytes, long endBytes) throws IOException { return disk.extentAt(offsetBytes, endBytes); }

    public long allocatedBytes() throws IOException { return allocated().count() * Blocks.BLOCK_BYTES; }

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

    /** Replaces whole blocks whatever the admission, as a host's write else: for {@link BlockCopy}. */
    void fill(long offsetBytes, ByteBuffer from) throws IOException {
        lock.run(() -> tracked.write(offsetBytes, from));
        bell.ring();
    }

    /** Makes whole blocks zero whatever the admission. */
    void clear(long offsetBytes, long lengthBytes) throws IOException {
        lock.run(() -> tracked.zero(offsetBytes, lengthBytes));
        bell.ring();
    }

    /** Makes durable here what was written before the call. */
    public void flush() throws IOException { disk.flush(); }

    /** Grows the volume; the new blocks are zero on both ends, so nothing is dirty. */
    public void grow(long sizeBytes) throws IOException { lock.run(() -> disk.grow(sizeBytes)); }

    /** One bounded step of folding layers; false when there is none to fold. */
    public boolean fold() throws IOException {
        if (!store.layers().folds()) return false;
        store.layers().ready();
        return lock.get(() -> store.layers().fold(FOLD_BLOCKS));
    }

    /** Lets go of write intents that neither the disk nor the peer needs any more. Now and then. */
    public void settle() throws IOException {
        disk.checkpoint();
        lock.run(() -> store.memo().settle(ledger.needed()));
    }
}
