package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** The blocks of a disk that were found damaged and are so still, as far as reads have met them. Safe for any thread. */
final class DamagedBlocks {
    /** Beyond so many, more are not remembered: that something is wrong is known by then. */
    private static final int MOST = 1024;
    private final Disk disk;
    private final Set<Long> offsets = new ConcurrentSkipListSet<>();

    DamagedBlocks(Disk disk) { this.disk = disk; }

    void found(DamagedBlockException damaged) {
        if (offsets.size() < MOST) offsets.add(damaged.offsetBytes());
    }

    /** Looks again at each: one that was written or repaired since counts no more. */
    long count() throws IOException {
        for (long offset : offsets) if (isWhole(offset)) offsets.remove(offset);
        return offsets.size();
    }

    boolean isWhole(long offsetBytes) throws IOException {
        try {
            disk.read(offsetBytes, ByteBuffer.allocate(BLOCK_BYTES));
            return true;
        } catch (DamagedBlockException e) {
            return false;
        }
    }
}
