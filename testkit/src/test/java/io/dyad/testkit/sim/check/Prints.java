package io.dyad.testkit.sim.check;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** Fingerprints of blocks of 4 KiB; 0 is that of zeroes alone. */
public final class Prints {
    public static final int BLOCK_BYTES = 4096;
    public static final long ZEROES = 0;

    private static final long OF_ZEROES = of(ByteBuffer.allocate(BLOCK_BYTES));

    private Prints() { }

    /** Of the block at the buffer's position; it stands behind it afterwards. */
    public static long next(ByteBuffer from) {
        ByteBuffer block = from.slice(from.position(), BLOCK_BYTES);
        from.position(from.position() + BLOCK_BYTES);
        return of(block) - OF_ZEROES;
    }

    private static long of(ByteBuffer block) {
        CRC32 high = new CRC32();
        CRC32C low = new CRC32C();
        high.update(block.duplicate());
        low.update(block);
        return high.getValue() << 32 | low.getValue();
    }

    static Map<Integer, Long> of(long offsetBytes, ByteBuffer blocks) {
        Map<Integer, Long> prints = new HashMap<>();
        for (int block = (int) (offsetBytes / BLOCK_BYTES); blocks.hasRemaining(); block++) prints.put(block, next(blocks));
        return prints;
    }
}
