package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.replication.Blocks.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads through a part of a stack, from its highest layer down. */
record LayerReader(Layer[] stack, int depth) {
    /** Fills {@code into}; false, with the position at the block, when one does not match its checksum. */
    boolean fill(long offsetBytes, ByteBuffer into) throws IOException {
        CRC32C crc = new CRC32C();
        int limit = into.limit();
        long block = offsetBytes / BLOCK_BYTES;
        long end = block + into.remaining() / BLOCK_BYTES;
        while (block < end) {
            Layer source = sourceOf(block);
            long next = runEnd(block, end, source);
            int length = (int) (next - block) * BLOCK_BYTES;
            if (source == null) Layer.fillZeroes(into, length);
            else if (!checked(source, block, into.limit(into.position() + length), crc, limit)) return false;
            block = next;
        }
        return true;
    }

    private static boolean checked(Layer source, long block, ByteBuffer into, CRC32C crc, int limit) throws IOException {
        int start = into.position();
        int end = into.limit();
        source.read(block, into);
        for (int at = start; at < end; at += BLOCK_BYTES, block++) {
            if (Layer.entryOf(crc, into, at) != source.map.get(block)) {
                into.limit(limit).position(at);
                return false;
            }
        }
        into.limit(limit).position(end);
        return true;
    }

    Extent extent(long offsetBytes, long endBytes) throws IOException {
        long first = offsetBytes / BLOCK_BYTES;
        long end = endBytes / BLOCK_BYTES;
        boolean allocated = sourceOf(first) != null;
        long block = first;
        while (block < end) {
            Layer source = sourceOf(block);
            if (source != null != allocated) break;
            block = runEnd(block, end, source);
        }
        return new Extent(offsetBytes, (block - first) * BLOCK_BYTES, allocated);
    }

    /** The index of the highest layer that says something about the block, not below {@code floor}. */
    int layerOf(long block, int floor) throws IOException {
        int i = depth - 1;
        while (i > floor && stack[i].map.get(block) == LayerMap.ABSENT) i--;
        return i;
    }

    /** Whether no layer has anything in the block's region. */
    boolean emptyAround(long block) throws IOException {
        for (int i = 0; i < depth; i++) {
            if (!stack[i].map.emptyAround(block)) return false;
        }
        return true;
    }

    private @Nullable Layer sourceOf(long block) throws IOException {
        for (int i = depth - 1; i >= 0; i--) {
            int entry = stack[i].map.get(block);
            if (entry != LayerMap.ABSENT) return entry == LayerMap.ZEROED ? null : stack[i];
        }
        return null;
    }

    private long runEnd(long block, long end, @Nullable Layer source) throws IOException {
        do {
            block = source == null && emptyAround(block) ? (block / LayerMap.LEAF_BLOCKS + 1) * LayerMap.LEAF_BLOCKS : block + 1;
        } while (block < end && sourceOf(block) == source);
        return Math.min(block, end);
    }
}
