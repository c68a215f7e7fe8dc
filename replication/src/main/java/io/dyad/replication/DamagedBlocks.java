package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.replication.ReplicatedVolume.Repair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The blocks of a disk that were found damaged and are so still, as far as reads have met them, and how they become whole again:
 * from one of the other end's copies, which goes into whatever layer has its checksum, so that every cut over it is whole too. Where nobody
 * knows the checksum any more it is written on top, if both ends are to hold the same there. Safe for any thread.
 */
final class DamagedBlocks {
    /** Beyond so many, more are not remembered: that something is wrong is known by then. */
    private static final int MOST = 1024;
    private final Disk disk;
    private final LayerStack layers;
    private final Snapshots snapshots;
    private final Ledger ledger;
    private final Set<Long> offsets = new ConcurrentSkipListSet<>();
    private volatile Repair repair = damaged -> false;

    DamagedBlocks(StoredVolume store, Ledger ledger) {
        this.disk = store.disk();
        this.layers = store.layers();
        this.snapshots = store.snapshots();
        this.ledger = ledger;
    }

    void onDamage(Repair now) { repair = now; }

    void found(DamagedBlockException damaged) {
        if (offsets.size() < MOST) offsets.add(damaged.offsetBytes());
    }

    /** Looks again at each: one that was written or repaired since counts no more. */
    long count() throws IOException {
        for (long offset : offsets) if (isWhole(offset)) offsets.remove(offset);
        return offsets.size();
    }

    private boolean isWhole(long offsetBytes) throws IOException {
        try {
            disk.read(offsetBytes, ByteBuffer.allocate(BLOCK_BYTES));
            return true;
        } catch (DamagedBlockException e) {
            return false;
        }
    }

    /** Reads any range of what is there now. */
    void read(long offsetBytes, ByteBuffer into) throws IOException { read(disk, offsetBytes, into); }

    /** Reads any range of the disk, or of a cut of it. A damaged block is read once more when it has been tried to repair it. */
    void read(Blocks from, long offsetBytes, ByteBuffer into) throws IOException {
        int start = into.position();
        long last = -1;
        while (true) {
            try {
                Widened.read(from, offsetBytes, into.position(start));
                return;
            } catch (DamagedBlockException e) {
                found(e);
                if (e.offsetBytes() <= last || !repair.tried(e)) throw e;
                last = e.offsetBytes();
            }
        }
    }

    /** Has the blocks repaired that a write of this range would only cover in part. */
    void mendEdges(long offsetBytes, long length) throws IOException {
        long end = offsetBytes + length;
        if (offsetBytes % BLOCK_BYTES != 0) read(Widened.begin(offsetBytes), ByteBuffer.allocate(BLOCK_BYTES));
        if (end % BLOCK_BYTES != 0) read(Widened.begin(end), ByteBuffer.allocate(BLOCK_BYTES));
    }

    /** What one end holds of a block: each content that is whole once, first the one of now if {@code now}; {@code alike}: both ends are to hold that. */
    record Copies(List<ByteBuffer> blocks, boolean now, boolean alike) { }

    /** This end's copies of a block, for the other end: of {@code content}, which is that of now, and of its snapshots. */
    Copies copies(Blocks content, long offsetBytes) throws IOException {
        Set<ByteBuffer> blocks = new LinkedHashSet<>();
        boolean alike = ledger.lock().get(() -> whole(content, offsetBytes, blocks) && !ledger.mayDiffer(offsetBytes));
        boolean now = !blocks.isEmpty();
        for (UUID name : ledger.lock().get(snapshots::names)) ofSnapshot(name, offsetBytes, blocks);
        return new Copies(List.copyOf(blocks), now, alike);
    }

    /** Hosts go on between one snapshot and the next; one that was deleted meanwhile, or cannot be read, has no copy to give. */
    private void ofSnapshot(UUID name, long offsetBytes, Set<ByteBuffer> blocks) throws IOException {
        Optional<LayerStack.Frozen> view = ledger.lock().get(() -> snapshots.names().contains(name) ? Optional.of(snapshots.open(name)) : Optional.empty());
        if (view.isEmpty()) return;
        try {
            whole(view.get(), offsetBytes, blocks);
        } catch (IOException unreadable) {
            // no copy, then
        } finally {
            ledger.lock().run(view.get()::close);
        }
    }

    /** Adds a content's block, if it is there and whole. */
    private static boolean whole(Blocks content, long offsetBytes, Set<ByteBuffer> blocks) throws IOException {
        if (offsetBytes >= content.sizeBytes()) return false;
        try {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            content.read(offsetBytes, block);
            blocks.add(block.flip());
            return true;
        } catch (DamagedBlockException e) {
            return false;
        }
    }

    /** Puts the other end's copies of a block wherever one is what was lost; what was written here meanwhile stays. True when cuts may be whole by that. */
    boolean heal(long offsetBytes, Copies copies) throws IOException {
        return ledger.lock().get(() -> {
            boolean mended = false;
            for (ByteBuffer block : copies.blocks()) mended |= layers.heal(offsetBytes, block.duplicate());
            if (copies.alike() && !ledger.mayDiffer(offsetBytes) && !isWhole(offsetBytes)) disk.write(offsetBytes, copies.blocks().getFirst().duplicate());
            return mended;
        });
    }
}
