package io.dyad.replication;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The durable cuts of a volume, and views that stay as they are while it is written to. Safe for any thread. */
public final class VolumeCuts {
    private final Ledger ledger;
    private final VolumeLock lock;
    private final StoredVolume store;
    private final DamagedBlocks damage;
    private final Bell bell;

    VolumeCuts(Ledger ledger, StoredVolume store, DamagedBlocks damage, Bell bell) {
        this.ledger = ledger;
        this.lock = ledger.lock();
        this.store = store;
        this.damage = damage;
        this.bell = bell;
    }

    /**
     * Cuts all these volumes at one moment: no write to any of them is acknowledged between the first cut and the last.
     * When one fails the others are taken back. {@code ship}: they are to be on the targets too, where there are any.
     */
    public static void take(Map<ReplicatedVolume, UUID> names, boolean ship) throws IOException {
        List<Map.Entry<ReplicatedVolume, UUID>> inOrder = names.entrySet().stream().sorted(Comparator.comparing(e -> e.getKey().id())).toList();
        for (var e : inOrder) e.getKey().flush();                        // so that little is left to sync while writes wait
        inOrder.forEach(e -> e.getKey().cuts().lock.lock());
        try {
            for (var e : inOrder) e.getKey().cuts().take(e.getValue(), ship);
        } catch (IOException | RuntimeException failed) {
            for (var e : inOrder) e.getKey().cuts().store.snapshots().delete(e.getValue());
            throw failed;
        } finally {
            inOrder.forEach(e -> e.getKey().cuts().lock.unlock());
        }
    }

    /** A durable cut of the content as it is now; {@code ship}: it is to be on the target too, in order. */
    void take(UUID name, boolean ship) throws IOException {
        lock.run(() -> {
            store.snapshots().take(name);
            if (ship && ledger.tracks()) ledger.lag().snapshot(name);
        });
        if (ship) bell.ring();
    }

    /** One more cut of what this one holds, of which the other end of a pair hears nothing by itself. Unknown: {@link java.io.FileNotFoundException}. */
    public void copy(UUID of, UUID name) throws IOException { lock.run(() -> store.snapshots().take(name, Optional.of(of))); }

    /** A durable cut of the content as it is now; one of that name may be there already. */
    void keep(UUID name) throws IOException {
        lock.run(() -> {
            if (!store.snapshots().names().contains(name)) store.snapshots().take(name);
        });
    }

    /** Throws when this name is not there and can be had no more. */
    void requireRoomFor(UUID name) throws SnapshotLimitException {
        Set<UUID> here = names();
        if (!here.contains(name) && here.size() >= Snapshots.MAX) throw new SnapshotLimitException("volume " + ledger.id() + " holds " + here.size() + " snapshots");
    }

    /** True when one of these holds the content as it is now. */
    boolean holdNow(List<UUID> names) throws IOException {
        return lock.get(() -> {
            for (UUID name : names) if (store.snapshots().unwrittenSince(name)) return true;
            return false;
        });
    }

    /** Those there are, oldest first. */
    public Set<UUID> names() { return lock.get(() -> new LinkedHashSet<>(store.snapshots().names())); }

    /** Views that are open on it stay readable. Unknown is fine. */
    public void delete(UUID name) throws IOException { lock.run(() -> store.snapshots().delete(name)); }

    /** Unknown: {@link java.io.FileNotFoundException}. */
    public View open(UUID name) throws IOException { return lock.get(() -> new View(store.snapshots().open(name))); }

    /** False of a target whose first sync is not complete. */
    public boolean hasPoint() {
        Mark mark = ledger.mark();
        return mark.role() != Mark.Role.TARGET || mark.bond().progress() == Mark.Progress.SYNCED;
    }

    /** The content now: of a target its last consistent point. While a first sync fills the volume there is none, and it is refused. */
    public View now() throws IOException {
        return lock.get(() -> {
            if (!hasPoint()) throw new NotWritableException("volume " + ledger.id() + " has no consistent point yet: its first sync is not complete");
            return new View(store.layers().freeze());
        });
    }

    /** The content now, consistent or not, and its last write: for comparing. */
    Pinned pin() throws IOException { return lock.get(() -> new Pinned(ledger.lag().seq(), store.layers().freeze())); }

    /** The content behind write {@code seq}. */
    record Pinned(long seq, LayerStack.Frozen view) { }

    /** Content that stays as it is until the view is closed. A read that meets a damaged block waits for its repair as one of the volume does. */
    public final class View implements Blocks, Closeable {
        private final LayerStack.Frozen frozen;

        private View(LayerStack.Frozen frozen) { this.frozen = frozen; }

        @Override public long sizeBytes() { return frozen.sizeBytes(); }

        @Override public void read(long offsetBytes, ByteBuffer into) throws IOException { damage.read(frozen, offsetBytes, into); }

        @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException { return frozen.extentAt(offsetBytes, endBytes); }

        @Override public void close() throws IOException { lock.run(frozen::close); }
    }
}
