package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Readable content in blocks of {@value #BLOCK_BYTES} bytes. Safe for reads from any thread beside one writer.
 * Offsets and lengths are multiples of the block; unallocated blocks read as zeroes. A block whose checksum does not
 * match makes {@code read} throw {@link DamagedBlockException}.
 */
public interface Blocks {
    int BLOCK_BYTES = 4096;

    long sizeBytes();

    /** Fills {@code into} up to its limit. */
    void read(long offsetBytes, ByteBuffer into) throws IOException;

    /** The run that starts at {@code offsetBytes}, cut at {@code endBytes}: all allocated, or all not. */
    Extent extentAt(long offsetBytes, long endBytes) throws IOException;

    /** A run of blocks. Not allocated means never written or zeroed: reads as zeroes and takes no room. */
    record Extent(long offsetBytes, long lengthBytes, boolean allocated) {
        public long endBytes() { return offsetBytes + lengthBytes; }
    }
}
