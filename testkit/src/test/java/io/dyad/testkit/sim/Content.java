package io.dyad.testkit.sim;

import io.dyad.testkit.sim.check.Prints;
import java.nio.ByteBuffer;
import java.util.Random;

/** One block's bytes and their fingerprint; 0 is the fingerprint of zeroes alone. Never changes. */
record Content(byte[] bytes, long print) {
    static final int BYTES = 4096;
    static final Content ZERO = new Content(new byte[BYTES], 0);

    /** Takes the next block from a buffer. */
    static Content next(ByteBuffer from) {
        byte[] bytes = new byte[BYTES];
        from.get(bytes);
        return new Content(bytes, Prints.next(ByteBuffer.wrap(bytes)));
    }

    /** Bytes of which no two sectors of 512, in all draws, are the same. */
    static ByteBuffer fresh(Random dice, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        long word = dice.nextLong() | 1;
        for (int sector = 0; sector < length; sector += 512) bytes.putLong(sector, word += 0x9E3779B97F4A7C15L);
        return bytes;
    }
}
