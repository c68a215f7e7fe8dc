package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.replication.ReplicatedVolume.Repair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The blocks of a disk that were found damaged and are so still, as far as reads have met them, and how they become whole again:
 * from the other end, where both are to hold the same. Safe for any thread.
 */
final class DamagedBlocks {
    /** Beyond so many, more are not remembered: that something is wrong is known by then. */
    private static final int MOST = 1024;
    private final Disk disk;
    private final Ledger ledger;
    private final Set<Long> offsets = new ConcurrentSkipListSet<>();
    private volatile Repair repair = damaged -> false;

    DamagedBlocks(Disk disk, Ledger ledger) {
        this.disk = disk;
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

    /** Reads any range. A damaged block is read once more when it has been tried to repair it. */
    void read(long offsetBytes, ByteBuffer into) throws IOException {
        int start = into.position();
        long last = -1;
        while (true) {
            try {
                Widened.read(disk, offsetBytes, into.position(start));
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

    /** A block for the other end: one that both are to hold alike, when it is whole here; else nothing. */
    ByteBuffer shared(long offsetBytes) throws IOException {
        return ledger.lock().get(() -> {
            if (offsetBytes >= disk.sizeBytes() || ledger.mayDiffer(offsetBytes)) return ByteBuffer.allocate(0);
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
        ledger.lock().run(() -> {
            if (!ledger.mayDiffer(offsetBytes) && !isWhole(offsetBytes)) disk.write(offsetBytes, whole);
        });
    }
}
