package io.dyad.cli.history;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What one block of one recorded write holds: made from the history's id, the write's number and the block's number alone.
 *
 * <pre>
 *   0      8           16         24                  4088   4096
 *   | id   | number    | block    | noise …           | id   |      big-endian
 * </pre>
 */
record Stamp(long id, long number, int block) {
    static final int BLOCK_BYTES = 4096;
    private static final int TAIL = BLOCK_BYTES - Long.BYTES;

    void putInto(ByteBuffer into) {
        int end = into.position() + TAIL;
        into.putLong(id).putLong(number).putLong(block);
        SplittableRandom noise = new SplittableRandom(id ^ 31 * number ^ (long) block << 32);
        while (into.position() < end) into.putLong(noise.nextLong());
        into.putLong(id);
    }

    /** Whether these {@value #BLOCK_BYTES} bytes hold it whole. */
    boolean isIn(ByteBuffer content) {
        ByteBuffer wanted = ByteBuffer.allocate(BLOCK_BYTES);
        putInto(wanted);
        return wanted.flip().equals(content);
    }

    /** The id a block begins with. */
    static long idOf(ByteBuffer content) { return content.getLong(content.position()); }

    /** The id a block ends with: a torn one still shows whose it is. */
    static long tailOf(ByteBuffer content) { return content.getLong(content.position() + TAIL); }

    static long numberOf(ByteBuffer content) { return content.getLong(content.position() + Long.BYTES); }

    static boolean isZero(ByteBuffer content) { return content.equals(ByteBuffer.wrap(ZEROES)); }

    private static final byte[] ZEROES = zeroes();

    private static byte[] zeroes() {
        byte[] zeroes = new byte[BLOCK_BYTES];
        Arrays.fill(zeroes, (byte) 0);
        return zeroes;
    }
}
