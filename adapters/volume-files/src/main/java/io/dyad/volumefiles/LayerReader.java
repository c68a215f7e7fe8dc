package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static io.dyad.volumefiles.LayerMap.LEAF_BLOCKS;

import io.dyad.replication.Blocks.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Reads through a part of a stack, from its highest layer down. */
record LayerReader(Layer[] stack, int depth) {
    /** Fills {@code into}; false, with the position at the block, when one does not match its checksum. */
    boolean fill(long offsetBytes, ByteBuffer into) throws IOException {
        CRC32C crc = new CRC32C();
        long block = offsetBytes / BLOCK_BYTES;
        long end = block + into.remaining() / BLOCK_BYTES;
        while (block < end) {
            Region region = region(LayerMap.leafOf(block));
            long stop = Math.min(end, (LayerMap.leafOf(block) + 1L) * LEAF_BLOCKS);
            while (block < stop) {
                int source = region.source(LayerMap.slotOf(block));
                long next = block + 1;
                while (next < stop && region.source(LayerMap.slotOf(next)) == source) next++;
                if (source < 0) Zeroes.fill(into, (int) (next - block) * BLOCK_BYTES);
                else if (!checked(region, source, block, (int) (next - block), into, crc)) return false;
                block = next;
            }
        }
        return true;
    }

    private static boolean checked(Region region, int source, long block, int count, ByteBuffer into, CRC32C crc) throws IOException {
        int limit = into.limit();
        int start = into.position();
        int end = start + count * BLOCK_BYTES;
        region.layers[source].read(block, into.limit(end));
        int slot = LayerMap.slotOf(block);
        for (int at = start; at < end; at += BLOCK_BYTES, slot++) {
            if (Entry.of(crc, into, at) != MapLeaf.get(region.entries[source], slot)) {
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
        long block = first;
        boolean allocated = false;
        while (block < end) {
            Region region = region(LayerMap.leafOf(block));
            long stop = Math.min(end, (LayerMap.leafOf(block) + 1L) * LEAF_BLOCKS);
            if (block == first) allocated = region.source(LayerMap.slotOf(block)) >= 0;
            if (region.count == 0 && !allocated) block = stop;
            while (block < stop && region.source(LayerMap.slotOf(block)) >= 0 == allocated) block++;
            if (block < stop) break;
        }
        return new Extent(offsetBytes, (block - first) * BLOCK_BYTES, allocated);
    }

    /** The layers that have anything in a region, lowest first, with its entries in each. */
    private Region region(int index) throws IOException {
        Layer[] layers = new Layer[depth];
        int[][] entries = new int[depth][];
        int count = 0;
        for (int i = 0; i < depth; i++) {
            int[] present = stack[i].map.entries(index);
            if (present == MapLeaf.EMPTY.entries) continue;
            layers[count] = stack[i];
            entries[count++] = present;
        }
        return new Region(layers, entries, count);
    }

    private record Region(Layer[] layers, int[][] entries, int count) {
        /** The layer that holds a block's bytes, or -1 where it reads as zeroes. */
        int source(int slot) {
            for (int i = count - 1; i >= 0; i--) {
                int entry = MapLeaf.get(entries[i], slot);
                if (entry != Entry.ABSENT) return entry == Entry.ZEROED ? -1 : i;
            }
            return -1;
        }
    }

    /** The index of the highest layer that says something about the block, not below {@code floor}. */
    int layerOf(long block, int floor) throws IOException {
        int i = depth - 1;
        while (i > floor && stack[i].map.get(block) == Entry.ABSENT) i--;
        return i;
    }

    /** Whether no layer has anything in the block's region. */
    boolean emptyAround(long block) throws IOException {
        for (int i = 0; i < depth; i++) {
            if (!stack[i].map.emptyAround(block)) return false;
        }
        return true;
    }
}
