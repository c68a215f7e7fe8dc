package io.dyad.volumefiles;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What is present in a layer, and with which checksum: an {@link Entry} for every block, 1024 in a {@link MapLeaf}. Leaves are
 * loaded from the {@link MapFile} on demand and dropped under the {@link MapBudget}; an empty one costs no memory, nor does a
 * chunk without any. Read by any thread; changed under the volume's writing lock. The file gets an entry only after the bytes
 * it speaks of are forced, see {@link #store}.
 */
final class LayerMap implements Closeable {
    static final int LEAF_BLOCKS = MapLeaf.BLOCKS;

    private final MapFile file;
    private final MapBudget budget;
    private final List<MapLeaf> dirty = new ArrayList<>();
    private volatile AtomicReferenceArray<@Nullable MapChunk> chunks;
    private boolean unforced;
    /** A block that was damaged has been written. */
    private boolean mended;

    LayerMap(MapFile file, MapBudget budget, long blocks) {
        this.file = file;
        this.budget = budget;
        this.chunks = new AtomicReferenceArray<>(chunksOf(blocks));
    }

    /** A copy of one leaf, on its way to the file. */
    record Image(MapLeaf leaf, int[] entries) {}

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
            while (block < stop && MapLeaf.get(entries, slotOf(block)) == Entry.ABSENT) block++;
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
                if (leaf.get(slot + i) == Entry.DAMAGED) mended = true;
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
                    if (image.leaf.get(i) == Entry.ABSENT) image.entries[i] = Entry.ABSENT;
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
                int[] stored = file.leaf(index);
                for (long b = block; b < stop; b++) {
                    leaf.set(slotOf(b), Entry.ABSENT);
                    stored[slotOf(b)] = Entry.ABSENT;
                }
                write(index, stored);
                unforced = true;
            }
        }
    }

    /** Nothing is present, and the file says so; it was a new one. */
    void blank() throws IOException { file.blank(); }

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
        if (chunk == null) chunks.set(number, chunk = file.chunk(number));
        MapLeaf present = chunk.leaf(index);
        if (present != null) return present;
        int[] entries = file.leaf(index);
        boolean blank = true;
        for (int entry : entries) blank &= entry == Entry.ABSENT;
        MapLeaf leaf = blank ? MapLeaf.EMPTY : new MapLeaf(index, entries);
        chunk.leaf(index, leaf);
        if (!blank) budget.add(leaf, this);
        return leaf;
    }

    private void write(int index, int[] entries) throws IOException { file.write(index, entries, chunks.get(index >>> MapChunk.SHIFT)); }

    static int leafOf(long block) { return (int) (block >>> 10); }

    static int slotOf(long block) { return (int) block & LEAF_BLOCKS - 1; }

    private static int chunksOf(long blocks) { return Math.toIntExact((blocks + (long) LEAF_BLOCKS * MapChunk.LEAVES - 1) / ((long) LEAF_BLOCKS * MapChunk.LEAVES)); }
}
