package io.dyad.testkit.sim;

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
        return new Content(bytes, print(bytes));
    }

    private static long print(byte[] bytes) {
        ByteBuffer words = ByteBuffer.wrap(bytes);
        long print = 0;
        while (words.hasRemaining()) {
            long word = words.getLong();
            print = word == 0 ? print * 31 : (print * 31 ^ word) * 0x9E3779B97F4A7C15L;
        }
        return print;
    }

    /** Bytes of which no two draws are the same. */
    static ByteBuffer fresh(Random dice, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        long word = dice.nextLong() | 1;
        while (bytes.hasRemaining()) bytes.putLong(word += 0x9E3779B97F4A7C15L);
        return bytes.flip();
    }
}
