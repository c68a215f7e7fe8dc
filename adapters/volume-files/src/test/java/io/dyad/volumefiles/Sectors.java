package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.replication.Blocks;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sectors that say what they are: a stamp, and the place they were written for. Stamp 0 is a sector of zeroes. */
final class Sectors {
    static final int BYTES = 512;
    static final int PER_BLOCK = BLOCK_BYTES / BYTES;

    private Sectors() { }

    static ByteBuffer fill(ByteBuffer into, int block, int stamp) {
        for (int sector = 0; sector < PER_BLOCK; sector++) {
            for (int i = 0; i < BYTES / Long.BYTES; i++) into.putInt(stamp).putInt(block * PER_BLOCK + sector);
        }
        return into;
    }

    /** The stamps of all sectors, each from {@code block} on checked to be whole and at home. */
    static int[] read(Blocks blocks, int block) throws IOException {
        int skipped = block * BLOCK_BYTES;
        ByteBuffer all = ByteBuffer.allocate((int) blocks.sizeBytes() - skipped);
        blocks.read(skipped, all);
        int[] stamps = new int[(int) blocks.sizeBytes() / BYTES];
        for (int sector = block * PER_BLOCK; sector < stamps.length; sector++) {
            int at = sector * BYTES - skipped;
            long first = all.getLong(at);
            stamps[sector] = (int) (first >>> 32);
            for (int i = 0; i < BYTES; i += Long.BYTES) {
                if (all.getLong(at + i) != first) throw new AssertionError("sector " + sector + " is torn");
            }
            if (first != 0) assertThat((int) first).as("home of sector").isEqualTo(sector);
        }
        return stamps;
    }
}
