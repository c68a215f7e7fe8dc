package io.dyad.peerlink.packing;

import io.dyad.replication.BadFrameException;
import java.nio.ByteBuffer;

/**
 * How a payload crosses a slow link: as runs that stand for its bytes, in order. Zeroes and blocks that crossed lately cost
 * a few bytes, the rest is compressed where that helps. The frame's checksum is that of the payload itself, end to end: a slot
 * that held another block than the sender meant is found out by it.
 *
 * <pre>
 *  greeting, the first bytes of each end on a pipe        instead of the payload, when the frame's flags have {@link #FLAG}
 *  0       4       8                                      0       4
 *  +-------+-------+                                      +-------+---------------------
 *  | DYP2  |blocks |  how many blocks of 4 KiB            | bytes | run, run, …
 *  +-------+-------+  this end can keep, each way         +-------+---------------------
 *
 *  run: 0       1               4
 *       +-------+---------------+-----------
 *       | kind  | bytes it      | ZEROES: nothing · PLAIN: the bytes · LZ4: length i32, one LZ4 block
 *       |  u8   | stands for u24| AGAIN: for each block its slot i32
 *       +-------+---------------+-----------
 * </pre>
 *
 * Both ends keep what the one that can keep less has said. They number the whole blocks of PLAIN and LZ4 runs as they come; a
 * block's slot is its number modulo the blocks kept. A pipe begins with none. DYP1, which carried hashes, is not spoken any more.
 */
public final class Packing {
    public static final int FLAG = 1;
    static final int ZEROES = 0;
    static final int PLAIN = 1;
    static final int LZ4 = 2;
    static final int AGAIN = 3;
    public static final int BLOCK_BYTES = 4096;
    public static final int GREETING_BYTES = 8;
    /** Bytes of one block of an AGAIN run. */
    static final int REFERENCE_BYTES = Integer.BYTES;
    private static final int MAGIC = 0x44595032;
    /** Packing never adds more: every PLAIN or LZ4 run but the first follows one that has saved a block. */
    private static final int MOST_ADDED_BYTES = 64;

    private Packing() { }

    public static ByteBuffer greeting(int blocks) { return ByteBuffer.allocate(GREETING_BYTES).putInt(MAGIC).putInt(blocks).flip(); }

    /** How many blocks the other end can keep. */
    public static int greeted(ByteBuffer greeting) throws BadFrameException {
        int blocks = greeting.getInt(Integer.BYTES);
        if (greeting.getInt(0) != MAGIC || blocks < 0) throw new BadFrameException("not the greeting of a pipe");
        return Math.min(blocks, KeptBlocks.MOST);
    }

    /** The most that a payload of so many bytes takes packed. */
    public static int limit(int payloadBytes) { return payloadBytes + MOST_ADDED_BYTES; }

    static int run(int kind, int bytes) { return kind << 24 | bytes; }

    static int kind(int run) { return run >>> 24; }

    static int bytes(int run) { return run & 0xFFFFFF; }
}
