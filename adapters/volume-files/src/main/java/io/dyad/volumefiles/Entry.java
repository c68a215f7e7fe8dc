package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What a layer's map says of one block, four bytes:
 * <pre>
 *  0 absent, look in the layer below | 1 zeroes, whatever lies below | 2 damaged: nobody knows | else the block's CRC32C
 *    (a CRC of 0, 1 or 2 stands as its complement)
 * </pre>
 * An {@code int}, for there is one for every block.
 */
final class Entry {
    static final int ABSENT = 0;
    static final int ZEROED = 1;
    static final int DAMAGED = 2;

    private Entry() { }

    /** Whether the layer answers for the block's content by bytes, if only to say that they are lost. */
    static boolean holdsData(int entry) { return entry != ABSENT && entry != ZEROED; }

    /** Of the block at {@code at}; {@code crc} is used for it, and the buffer's position and limit move. */
    static int of(CRC32C crc, ByteBuffer bytes, int at) {
        crc.reset();
        crc.update(bytes.limit(at + BLOCK_BYTES).position(at));
        return of(crc);
    }

    /** Of each block; the buffer stays as it is. */
    static int[] ofAll(ByteBuffer from) {
        CRC32C crc = new CRC32C();
        ByteBuffer bytes = from.duplicate();
        int[] entries = new int[from.remaining() / BLOCK_BYTES];
        for (int i = 0; i < entries.length; i++) entries[i] = of(crc, bytes, from.position() + i * BLOCK_BYTES);
        return entries;
    }

    /** Of a block with this checksum. */
    static int of(CRC32C crc) {
        int value = (int) crc.getValue();
        return Integer.compareUnsigned(value, DAMAGED) <= 0 ? ~value : value;
    }
}
