package io.dyad.volumefiles;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.CRC32C;

/**
 * What is present in a layer, and with which checksum: one entry for every block.
 * <pre>
 *  header, padded to 4096 | leaf 4096 | leaf 4096 | …        a leaf = 1024 entries of 4 bytes = one region
 *  entry: 0 absent, look in the layer below | 1 zeroes, whatever lies below | else the block's CRC32C
 *         (a CRC of 0 stands as FFFFFFFF, one of 1 as FFFFFFFE)
 * </pre>
 * Leaves are loaded on demand; an empty one costs no memory. Read by any thread; changed under the volume's writing lock.
 * The file gets an entry only after the bytes it speaks of are forced, see {@link #store}.
 */
final class LayerMap {
    static final int ABSENT = 0;
    static final int ZEROED = 1;
    static final int LEAF_BLOCKS = 1024;

    private static final int LEAF_BYTES = LEAF_BLOCKS * Integer.BYTES;
    private static final int[] EMPTY = new int[LEAF_BLOCKS];
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(int[].class);

    private final FileLayer.Handle file;
    private final BitSet dirty = new BitSet();
    private volatile AtomicReferenceArray<int[]> leaves;
    private boolean unforced;

    LayerMap(FileLayer.Handle file, long blocks) {
        this.file = file;
        this.leaves = new AtomicReferenceArray<>(leavesOf(blocks));
    }

    /** A copy of one leaf, on its way to the file. */
    record Image(int index, int[] entries) {}

    static int entryOf(CRC32C crc) {
        int value = (int) crc.getValue();
        return value == ABSENT || value == ZEROED ? ~value : value;
    }

    static boolean holdsData(int entry) { return entry != ABSENT && entry != ZEROED; }

    int get(long block) throws IOException { return (int) ENTRY.getAcquire(leaf(leafOf(block)), slotOf(block)); }

    /** Whether the leaf of this block is known to have nothing present. */
    boolean emptyAround(long block) throws IOException { return leaf(leafOf(block)) == EMPTY; }

    /** The first block at or after {@code from} that is not absent, or {@code end}. */
    long next(long from, long end) throws IOException {
        long block = from;
        while (block < end && get(block) == ABSENT) {
            block = emptyAround(block) ? (leafOf(block) + 1L) * LEAF_BLOCKS : block + 1;
        }
        return Math.min(block, end);
    }

    void set(long block, int entry) throws IOException {
        int index = leafOf(block);
        int[] leaf = leaf(index);
        if (leaf == EMPTY) {
            if (entry == ABSENT) return;
            leaf = new int[LEAF_BLOCKS];
            leaf[slotOf(block)] = entry;
            leaves.setRelease(index, leaf);
        } else {
            ENTRY.setRelease(leaf, slotOf(block), entry);
        }
        dirty.set(index);
    }

    /** Follows the volume's growth. No reader runs. */
    void grow(long blocks) {
        AtomicReferenceArray<int[]> more = new AtomicReferenceArray<>(leavesOf(blocks));
        for (int i = 0; i < leaves.length(); i++) more.set(i, leaves.get(i));
        leaves = more;
    }

    boolean dirty() { return unforced || !dirty.isEmpty(); }

    /** Copies of all changed leaves, which count as clean from here on. */
    List<Image> takeDirty() {
        List<Image> images = new ArrayList<>(dirty.cardinality());
        dirty.stream().forEach(index -> images.add(new Image(index, leaves.get(index).clone())));
        dirty.clear();
        unforced = false;
        return images;
    }

    /**
     * Writes copies taken before the layer's data was forced. An entry that has become absent meanwhile is written absent:
     * only a block that is safe below, or reads as zeroes, ever becomes absent.
     */
    void store(List<Image> images) throws IOException {
        for (Image image : images) {
            synchronized (this) {
                int[] now = leaves.get(image.index);
                for (int i = 0; i < LEAF_BLOCKS; i++) {
                    if ((int) ENTRY.getAcquire(now, i) == ABSENT) image.entries[i] = ABSENT;
                }
                write(image.index, image.entries);
            }
        }
    }

    /**
     * Makes present blocks from {@code first} to before {@code end} absent, since the layer below holds them durably. The file
     * hears of it at once: after a kill a stale entry would hide what is written below from now on.
     */
    void clear(long first, long end) throws IOException {
        for (long block = first; block < end; block = Math.min(end, (leafOf(block) + 1L) * LEAF_BLOCKS)) {
            if (emptyAround(block)) continue;
            int[] leaf = leaf(leafOf(block));
            synchronized (this) {
                long stop = Math.min(end, (leafOf(block) + 1L) * LEAF_BLOCKS);
                for (long b = block; b < stop; b++) ENTRY.setRelease(leaf, slotOf(b), ABSENT);
                write(leafOf(block), leaf.clone());
                unforced = true;
            }
        }
    }

    void force() throws IOException { file.force(); }

    private int[] leaf(int index) throws IOException {
        int[] leaf = leaves.getAcquire(index);
        return leaf != null ? leaf : load(index);
    }

    private synchronized int[] load(int index) throws IOException {
        AtomicReferenceArray<int[]> all = leaves;
        int[] present = all.get(index);
        if (present != null) return present;
        ByteBuffer bytes = ByteBuffer.allocate(LEAF_BYTES);
        file.read(positionOf(index), bytes);
        int[] leaf = new int[LEAF_BLOCKS];
        bytes.clear().asIntBuffer().get(leaf);
        if (Arrays.equals(leaf, EMPTY)) leaf = EMPTY;
        all.set(index, leaf);
        return leaf;
    }

    private void write(int index, int[] entries) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LEAF_BYTES);
        bytes.asIntBuffer().put(entries);
        file.write(positionOf(index), bytes);
    }

    private static long positionOf(int index) { return FileFormat.CONTENT_AT + (long) index * LEAF_BYTES; }

    private static int leafOf(long block) { return (int) (block >>> 10); }

    private static int slotOf(long block) { return (int) block & LEAF_BLOCKS - 1; }

    private static int leavesOf(long blocks) { return Math.toIntExact((blocks + LEAF_BLOCKS - 1) / LEAF_BLOCKS); }
}
