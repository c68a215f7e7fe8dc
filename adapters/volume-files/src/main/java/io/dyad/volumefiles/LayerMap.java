package io.dyad.volumefiles;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is present in a layer, and with which checksum: one entry of four bytes for every block, 1024 in a {@link MapLeaf}.
 * <pre>
 *  header, padded to 4096 | chunk | chunk | …       chunk: directory 512 | leaf 4608 | leaf 4608 | … 2048 of them, see {@link MapChunk}
 *  entry: 0 absent, look in the layer below | 1 zeroes, whatever lies below | 2 damaged: nobody knows | else the block's CRC32C
 *         (a CRC of 0, 1 or 2 stands as its complement)
 * </pre>
 * Leaves are loaded on demand and dropped under the {@link MapBudget}; an empty one costs no memory, nor does a chunk without
 * any. Read by any thread; changed under the volume's writing lock. The file gets an entry only after the bytes it speaks of
 * are forced, see {@link #store}.
 */
final class LayerMap implements Closeable {
    static final int ABSENT = 0;
    static final int ZEROED = 1;
    static final int DAMAGED = 2;
    static final int LEAF_BLOCKS = MapLeaf.BLOCKS;

    private static final Logger LOG = LoggerFactory.getLogger(LayerMap.class);

    private final Path path;
    private final FileLayer.Handle file;
    private final MapBudget budget;
    private final List<MapLeaf> dirty = new ArrayList<>();
    private volatile AtomicReferenceArray<@Nullable MapChunk> chunks;
    private boolean unforced;
    /** A block that was damaged has been written. */
    private boolean mended;

    LayerMap(Path path, FileLayer.Handle file, MapBudget budget, long blocks) {
        this.path = path;
        this.file = file;
        this.budget = budget;
        this.chunks = new AtomicReferenceArray<>(chunksOf(blocks));
    }

    /** A copy of one leaf, on its way to the file. */
    record Image(MapLeaf leaf, int[] entries) {}

    static int entryOf(CRC32C crc) {
        int value = (int) crc.getValue();
        return Integer.compareUnsigned(value, DAMAGED) <= 0 ? ~value : value;
    }

    /** Whether the layer answers for the block's content by bytes, if only to say that they are lost. */
    static boolean holdsData(int entry) { return entry != ABSENT && entry != ZEROED; }

    int get(long block) throws IOException { return leaf(leafOf(block)).get(slotOf(block)); }

    /** The entries of a region as they are, to be read only. */
    int[] entries(int region) throws IOException { return leaf(region).entries; }

    /** Whether the leaf of this block is known to have nothing present. */
    boolean emptyAround(long block) throws IOException { return leaf(leafOf(block)) == MapLeaf.EMPTY; }

    /** The first block at or after {@code from} that is not absent, or {@code end}. */
    long next(long from, long end) throws IOException {
        long block = from;
        while (block < end) {
            int[] entries = leaf(leafOf(block)).entries;
            long stop = Math.min(end, (leafOf(block) + 1L) * LEAF_BLOCKS);
            if (entries == MapLeaf.EMPTY.entries) block = stop;
            while (block < stop && MapLeaf.get(entries, slotOf(block)) == ABSENT) block++;
            if (block < stop) return block;
        }
        return end;
    }

    void set(long block, int entry) throws IOException { set(block, new int[] {entry}, 1); }

    /** Sets the entries of {@code count} blocks from {@code block} on. */
    void set(long block, int[] values, int count) throws IOException {
        for (int done = 0; done < count; ) {
            int slot = slotOf(block + done);
            int length = Math.min(count - done, LEAF_BLOCKS - slot);
            MapLeaf leaf = changing(leafOf(block + done));
            for (int i = 0; i < length; i++) {
                if (leaf.get(slot + i) == DAMAGED) mended = true;
                leaf.set(slot + i, values[done + i]);
            }
            done += length;
        }
    }

    /** A leaf that will not leave before its change is stored. */
    private MapLeaf changing(int index) throws IOException {
        while (true) {
            MapLeaf leaf = leaf(index);
            if (leaf == MapLeaf.EMPTY) leaf = begin(index);
            switch (leaf.change()) {
                case DIRTY -> { return leaf; }
                case CLEAN -> {
                    await(leaf);
                    return leaf;
                }
                case GONE  -> Thread.onSpinWait();
            }
        }
    }

    private synchronized MapLeaf begin(int index) {
        MapChunk chunk = chunks.get(index >>> MapChunk.SHIFT);
        if (chunk == null || chunk == MapChunk.EMPTY) chunks.set(index >>> MapChunk.SHIFT, chunk = new MapChunk());
        MapLeaf leaf = new MapLeaf(index, new int[LEAF_BLOCKS]);
        if (leaf.change() == MapLeaf.Began.CLEAN) await(leaf);
        chunk.leaf(index, leaf);
        budget.add(leaf, this);
        return leaf;
    }

    private void await(MapLeaf changed) {
        dirty.add(changed);
        budget.awaits(1);
    }

    private void awaitNothing() {
        budget.awaits(-dirty.size());
        dirty.clear();
    }

    /** Follows the volume's growth. No reader runs. */
    void grow(long blocks) {
        AtomicReferenceArray<@Nullable MapChunk> more = new AtomicReferenceArray<>(chunksOf(blocks));
        for (int i = 0; i < chunks.length(); i++) more.set(i, chunks.get(i));
        chunks = more;
    }

    /**
     * Whether recovery would find out what the file has not heard of, if bytes and intents are on the disk, and the memory for it
     * is there. It believes no bytes of a damaged block, so one that was written anew is to be stored.
     */
    boolean mayWait() { return !mended && !unforced && budget.letsWait(); }

    boolean dirty() { return unforced || !dirty.isEmpty(); }

    /** Copies of all changed leaves, which count as clean once they are {@link #store stored}. */
    List<Image> takeDirty() {
        List<Image> images = new ArrayList<>(dirty.size());
        for (MapLeaf leaf : dirty) {
            leaf.storing();
            images.add(new Image(leaf, leaf.entries.clone()));
        }
        awaitNothing();
        unforced = mended = false;
        return images;
    }

    /** What was taken did not get through to the file for want of room: it is still to come. */
    void giveBack(List<Image> images) {
        for (Image image : images) {
            if (image.leaf.change() == MapLeaf.Began.CLEAN) await(image.leaf);
            image.leaf.stored();
        }
        unforced = true;
    }

    /**
     * Writes copies taken before the layer's data was forced. An entry that has become absent meanwhile is written absent:
     * only a block that is safe below, or reads as zeroes, ever becomes absent.
     */
    void store(List<Image> images) throws IOException {
        for (Image image : images) {
            synchronized (this) {
                for (int i = 0; i < LEAF_BLOCKS; i++) {
                    if (image.leaf.get(i) == ABSENT) image.entries[i] = ABSENT;
                }
                write(image.leaf.index, image.entries);
            }
        }
        for (Image image : images) image.leaf.stored();
    }

    /**
     * Makes present blocks from {@code first} to before {@code end} absent. The file hears of it at once, and of nothing else:
     * after a kill a stale entry would hide what is written below from now on, and one of bytes not yet forced would lie.
     */
    void clear(long first, long end) throws IOException {
        for (long block = first; block < end; block = Math.min(end, (leafOf(block) + 1L) * LEAF_BLOCKS)) {
            if (emptyAround(block)) continue;
            int index = leafOf(block);
            long stop = Math.min(end, (index + 1L) * LEAF_BLOCKS);
            MapLeaf leaf = changing(index);
            synchronized (this) {
                int[] stored = stored(index);
                for (long b = block; b < stop; b++) {
                    leaf.set(slotOf(b), ABSENT);
                    stored[slotOf(b)] = ABSENT;
                }
                write(index, stored);
                unforced = true;
            }
        }
    }

    void force() throws IOException { file.force(); }

    /** Lets go of the memory. */
    @Override public synchronized void close() throws IOException {
        awaitNothing();
        for (int c = 0; c < chunks.length(); c++) {
            MapChunk chunk = chunks.get(c);
            for (int i = 0; chunk != null && chunk != MapChunk.EMPTY && i < MapChunk.LEAVES; i++) {
                MapLeaf leaf = chunk.leaf(i);
                if (leaf != null && leaf != MapLeaf.EMPTY) budget.remove(leaf);
            }
        }
        file.close();
    }

    /** The budget has taken a leaf out of use. */
    void dropped(MapLeaf leaf) {
        MapChunk chunk = chunks.get(leaf.index >>> MapChunk.SHIFT);
        if (chunk != null) chunk.drop(leaf);
    }

    private MapLeaf leaf(int index) throws IOException {
        MapChunk chunk = chunks.getAcquire(index >>> MapChunk.SHIFT);
        if (chunk == MapChunk.EMPTY) return MapLeaf.EMPTY;
        MapLeaf leaf = chunk == null ? null : chunk.leaf(index);
        if (leaf == null) return load(index);
        if (!leaf.used) leaf.used = true;
        return leaf;
    }

    private synchronized MapLeaf load(int index) throws IOException {
        int number = index >>> MapChunk.SHIFT;
        MapChunk chunk = chunks.get(number);
        if (chunk == null) {
            ByteBuffer directory = ByteBuffer.allocate(MapChunk.DIRECTORY_BYTES);
            file.read(MapChunk.positionOf(number), directory);
            chunks.set(number, chunk = MapChunk.of(directory));
        }
        MapLeaf present = chunk.leaf(index);
        if (present != null) return present;
        int[] entries = stored(index);
        boolean blank = true;
        for (int entry : entries) blank &= entry == ABSENT;
        MapLeaf leaf = blank ? MapLeaf.EMPTY : new MapLeaf(index, entries);
        chunk.leaf(index, leaf);
        if (!blank) budget.add(leaf, this);
        return leaf;
    }

    /** What the file says of a region. */
    private int[] stored(int index) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MapLeaf.FILE_BYTES);
        file.read(MapChunk.leafPositionOf(index), bytes);
        int[] entries = new int[LEAF_BLOCKS];
        int damaged = MapLeaf.decode(index, bytes, entries);
        if (damaged > 0) LOG.error("{}: {} sectors of leaf {} are damaged; their blocks are not readable until they are written anew", path, damaged, index);
        return entries;
    }

    private void write(int index, int[] entries) throws IOException {
        MapChunk chunk = chunks.get(index >>> MapChunk.SHIFT);
        if (chunk != null && chunk.wrote(index)) {
            try {
                file.write(MapChunk.positionOf(index >>> MapChunk.SHIFT), chunk.directory());
            } catch (IOException e) {
                chunk.unwrote(index);
                throw e;
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(MapLeaf.FILE_BYTES);
        MapLeaf.encode(index, entries, bytes);
        file.write(MapChunk.leafPositionOf(index), bytes.flip());
    }

    static int leafOf(long block) { return (int) (block >>> 10); }

    static int slotOf(long block) { return (int) block & LEAF_BLOCKS - 1; }

    private static int chunksOf(long blocks) { return Math.toIntExact((blocks + (long) LEAF_BLOCKS * MapChunk.LEAVES - 1) / ((long) LEAF_BLOCKS * MapChunk.LEAVES)); }
}
