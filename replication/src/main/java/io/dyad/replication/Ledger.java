package io.dyad.replication;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Mark.Bond;
import java.io.IOException;
import java.util.BitSet;
import java.util.UUID;

/**
 * What a volume knows of its replication: who wrote last, what it shares with whom, and what that other end may lack. In memory
 * it is always so; what a restart must find is the {@link Mark}. The volume's lock guards it, and each call takes it.
 */
final class Ledger {
    private final VolumeId id;
    private final VolumeLock lock = new VolumeLock();
    private final Memo memo;
    private final Lag lag;
    private Mark mark;

    Ledger(VolumeId id, Memo memo, Lag lag, Mark found) {
        this.id = id;
        this.memo = memo;
        this.lag = lag;
        this.mark = found;
    }

    VolumeId id() { return id; }

    VolumeLock lock() { return lock; }

    /** What the peer may lack; for whoever holds the lock. */
    Lag lag() { return lag; }

    Mark mark() { return lock.get(() -> current(mark.role(), mark.clean())); }

    Bond bond() { return lock.get(() -> mark.bond()); }

    private Mark current(Mark.Role role, boolean clean) { return new Mark(mark.bond(), role, clean, lag.since().copy(), lag.interrupted().copy(), lag.queue().copy()); }

    Mark.Role role() { return lock.get(() -> mark.role()); }

    /** True when writes here are for a target to have; the lock is held. */
    boolean tracks() { return mark.role() == Mark.Role.SOURCE; }

    /** Where this end stands towards the other. */
    Standing standing() { return lock.get(() -> new Standing(mark.bond().history(), lag.unshared())); }

    /** Blocks the peer lacks now. */
    long dirtyBlocks() { return lock.get(() -> lag.all().count()); }

    /** True when the two ends may hold this block differently; the lock is held. */
    boolean mayDiffer(long offsetBytes) { return lag.all().all().meets(offsetBytes, Blocks.BLOCK_BYTES); }

    /** The regions whose write intents the peer still needs. */
    BitSet needed() { return lock.get(() -> tracks() ? lag.all().all().regions() : new BitSet()); }

    /** Nothing is shared with anyone. */
    void forget() throws IOException {
        lock.run(() -> {
            lag.forget();
            remember(Mark.empty());
        });
    }

    /** Belongs to that pair; nothing is shared with its other end. */
    void join(UUID lineage) throws IOException {
        lock.run(() -> {
            lag.forget();
            lag.behind();
            remember(Mark.empty().with(Bond.with(lineage)));
        });
    }

    /** Takes on another role, durably; a source begins the {@code fresh} generation. */
    void become(Mark.Role role, UUID fresh) throws IOException {
        lock.run(() -> {
            lag.giveUp();
            Bond bond = mark.bond().progress(mark.bond().progress().shared(), mark.bond().epoch());
            boolean source = role == Mark.Role.SOURCE;
            remember(current(role, !source).with(source ? bond.history(bond.history().begin(fresh)) : bond));
        });
    }

    /** How far the shared history goes. */
    void progress(Mark.Progress reached, long epoch) throws IOException {
        lock.run(() -> bond(mark.bond().progress(mark.bond().progress().shared() == reached ? mark.bond().progress() : reached, epoch)));
    }

    /** In synchrony or not. */
    void together(boolean now) throws IOException { lock.run(() -> remember(current(mark.role(), mark.clean()).together(now))); }

    /** Everything up to this write of the source's stream is on this target's disk, durably. */
    void reached(long seq) throws IOException {
        lock.run(() -> {
            if (seq > mark.bond().point().seq()) bond(mark.bond().reached(seq));
        });
    }

    /** A target's stage is begun with the epoch of that number. */
    void stage(long number) throws IOException { lock.run(() -> bond(mark.bond().stage(number))); }

    /** The mark of a target that has taken in all of this epoch. */
    Mark whole(long epoch, History source) {
        return lock.get(() -> {
            Bond bond = new Bond(mark.bond().lineage(), Mark.Progress.SYNCED, new Mark.Point(epoch, 0), source, 0);
            return new Mark(bond, mark.role(), true, new Differing(), Interrupted.none(), new SnapshotQueue());
        });
    }

    /** That mark is durable: nothing differs from the common point any more. */
    void committed(Mark now) {
        lock.run(() -> {
            mark = now;
            lag.forget();
        });
    }

    /** Makes that mark durable: nothing differs from the common point any more. */
    void commit(Mark now) throws IOException {
        lock.run(() -> {
            lag.forget();
            remember(now);
        });
    }

    /** What the peer may lack is durable as it is now. */
    void save() throws IOException { lock.run(() -> remember(current(mark.role(), mark.clean()))); }

    /** A source's maps are durable to the block and no write comes after; or writes come again. */
    void clean(boolean now) throws IOException {
        lock.run(() -> {
            if (tracks()) remember(current(Mark.Role.SOURCE, now));
        });
    }

    private void bond(Bond now) throws IOException { remember(current(mark.role(), mark.clean()).with(now)); }

    private void remember(Mark now) throws IOException {
        memo.mark(now.toBytes());
        mark = now;
    }
}
