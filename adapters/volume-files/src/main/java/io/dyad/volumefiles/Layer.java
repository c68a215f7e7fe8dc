package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.replication.StoreFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * Sparse files at the volume's own offsets, with their map. Written under the volume's writing lock, or by the one thread that
 * fills it while it is outside the stack.
 *
 * <p>What recovery stands on: in the base an absent entry says that the data file holds zeroes too, since zeroing a block with
 * data overwrites it, in room it already has. So bytes found there after a crash are a write that the map had not heard of.
 * In an upper layer an entry without data says nothing about the bytes; there {@link RecentEntries} say what was written.
 */
final class Layer implements Closeable {
    final long number;
    final LayerMap map;
    private final FileLayer files;
    private final Path dir;
    private final DataFile data;
    private final int zeroEntry;
    private boolean dirty;
    private volatile boolean untouched;

    private Layer(Place place, long number, boolean base, long sizeBytes, DataFile data) throws IOException {
        this.files = place.files;
        this.dir = place.dir;
        this.number = number;
        this.zeroEntry = base ? Entry.ABSENT : Entry.ZEROED;
        this.data = data;
        Path path = dir.resolve(mapName(number));
        this.map = new LayerMap(new MapFile(path, files.open(path)), place.budget, sizeBytes / BLOCK_BYTES);
    }

    /** Where the layers of a volume lie, and the memory their maps share. */
    record Place(FileLayer files, Path dir, MapBudget budget) {}

    static String dataName(long number) { return "layer-" + number + ".data"; }

    /** Whether a file of that name holds bytes of one of these layers. */
    static boolean holdsData(String name, long[] layers) { return LongStream.of(layers).anyMatch(number -> DataFile.owns(dataName(number), name)); }

    static String mapName(long number) { return "layer-" + number + ".map"; }

    /** Makes an empty layer; its names are durable once the directory is forced. */
    static Layer create(Place place, long number, boolean base, long sizeBytes) throws IOException {
        DataFile data = DataFile.create(place.files, place.dir.resolve(dataName(number)), sizeBytes);
        Layer layer = over(data, place, number, base, sizeBytes);
        try {
            layer.map.blank();
            layer.map.force();
            layer.untouched = true;
            return layer;
        } catch (IOException e) {
            layer.delete();
            throw e;
        }
    }

    static Layer open(Place place, long number, boolean base, long sizeBytes) throws IOException {
        MapUpgrade.ifNeeded(place, place.dir.resolve(mapName(number)), sizeBytes / BLOCK_BYTES);
        return over(DataFile.open(place.files, place.dir.resolve(dataName(number)), sizeBytes), place, number, base, sizeBytes);
    }

    private static Layer over(DataFile data, Place place, long number, boolean base, long sizeBytes) throws IOException {
        try {
            return new Layer(place, number, base, sizeBytes, data);
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    /** True while nothing was ever put in it, as far as is known. */
    boolean untouched() { return untouched; }

    /** Fills {@code into} with the file's bytes, unchecked; beyond its end there are zeroes. */
    void read(long block, ByteBuffer into) throws IOException { data.read(block * BLOCK_BYTES, into); }

    void write(long block, ByteBuffer from) throws IOException { write(block, from, Entry.ofAll(from)); }

    /** Writes blocks whose entries are known already. */
    void write(long block, ByteBuffer from, int[] entries) throws IOException {
        put(block, entries.length, from);
        map.set(block, entries, entries.length);
    }

    /** The entries as they are now. */
    int[] entries(long block, int count) throws IOException {
        int[] entries = new int[count];
        for (int i = 0; i < count; i++) entries[i] = map.get(block + i);
        return entries;
    }

    /** Takes up an entry that was written but not flushed; false where the block's bytes are others. */
    boolean restore(long block, int entry) throws IOException {
        if (Entry.holdsData(entry) && !matches(block, entry)) return false;
        if (map.get(block) != entry) map.set(block, entry);
        return true;
    }

    /** Writes a block's bytes again when they are not those that its entry speaks of, and {@code copy} is; the entry stays whatever becomes of that. */
    boolean heal(long block, ByteBuffer copy) throws IOException {
        int entry = map.get(block);
        if (Entry.ofAll(copy)[0] != entry) return false;
        if (matches(block, entry)) return false;
        dirty = true;
        data.write(block * BLOCK_BYTES, copy);
        return true;
    }

    /** Whether the bytes there are those that the entry speaks of. */
    private boolean matches(long block, int entry) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES);
        read(block, bytes);
        return Entry.of(new CRC32C(), bytes, 0) == entry;
    }

    /** Takes blocks from another layer with the entries they had there: damage stays damage. */
    void adopt(long block, ByteBuffer from, LayerMap entries) throws IOException {
        int count = from.remaining() / BLOCK_BYTES;
        put(block, count, from);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) values[i] = entries.get(block + i);
        map.set(block, values, count);
    }

    /** Makes blocks read as zeroes. At the very end of the volume the file gives its room back. */
    void zero(long block, long count, boolean toTheEnd) throws IOException {
        untouched = false;
        long end = block + count;
        long at = block;
        while (at < end) {
            if (base() && map.emptyAround(at)) {
                at = Math.min(end, (at / LayerMap.LEAF_BLOCKS + 1) * LayerMap.LEAF_BLOCKS);
            } else if (!Entry.holdsData(map.get(at))) {
                map.set(at++, zeroEntry);
            } else if (toTheEnd) {
                data.resize(at * BLOCK_BYTES);
                data.resize(end * BLOCK_BYTES);
                dirty = true;
                toTheEnd = false;
                for (long b = at; b < end; b++) map.set(b, zeroEntry);
                at = end;
            } else if (base()) {
                at = overwriteRun(at, end);
            } else {
                map.set(at++, zeroEntry);
            }
        }
    }

    boolean base() { return zeroEntry == Entry.ABSENT; }

    private long overwriteRun(long from, long end) throws IOException {
        long to = from + 1;
        long stop = Math.min(end, from + Zeroes.MOST_BYTES / BLOCK_BYTES);
        while (to < stop && Entry.holdsData(map.get(to))) to++;
        put(from, (int) (to - from), Zeroes.of((int) (to - from) * BLOCK_BYTES));
        for (long b = from; b < to; b++) map.set(b, zeroEntry);
        return to;
    }

    /**
     * Believes the bytes of blocks in doubt and corrects their entries. A write that was not flushed may have left any
     * mixture of old and new sectors: each is legal.
     */
    void recompute(long block, long count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES);
        CRC32C crc = new CRC32C();
        for (long b = block; b < block + count; b++) {
            int entry = map.get(b);
            if (entry == Entry.DAMAGED || !base() && !Entry.holdsData(entry)) continue;
            read(b, bytes.clear());
            int found = Entry.of(crc, bytes, 0);
            if (found == entry) continue;
            int right = Zeroes.of(BLOCK_BYTES).equals(bytes.clear()) ? zeroEntry : found;
            if (right != entry) {
                map.set(b, right);
                dirty = true;
            }
        }
    }

    boolean dirty() { return dirty || map.dirty(); }

    /** What a sync has to bring to the disk: copies of leaves, and whether data waits. The layer counts as clean. */
    Unsynced takeDirty() {
        return new Unsynced(this, takeBytes(), map.takeDirty());
    }

    /** Whether bytes wait to be forced; they no longer count as waiting. */
    boolean takeBytes() {
        boolean waiting = dirty;
        dirty = false;
        return waiting;
    }

    void forceBytes() throws IOException { data.force(); }

    /** Makes the whole layer durable while nobody else writes to it. Without room for its map nothing is lost, and it may be tried again. */
    void bringToDisk() throws IOException {
        forceBytes();
        Unsynced taken = takeDirty();
        try {
            taken.storeMap();
        } catch (StoreFullException full) {
            taken.giveBack();
            throw full;
        }
        taken.forceMap();
    }

    record Unsynced(Layer layer, boolean hasData, List<LayerMap.Image> leaves) {
        void forceData() throws IOException {
            if (hasData) layer.forceBytes();
        }

        void storeMap() throws IOException { layer.map.store(leaves); }

        void forceMap() throws IOException { layer.map.force(); }

        /** There was no room for the map: it is still to be stored. The writer is kept out. */
        void giveBack() { layer.map.giveBack(leaves); }
    }

    void grow(long sizeBytes) throws IOException {
        data.resize(sizeBytes);
        map.grow(sizeBytes / BLOCK_BYTES);
    }

    @Override public void close() throws IOException {
        try (data) {
            map.close();
        }
    }

    void delete() throws IOException {
        close();
        files.delete(dir.resolve(mapName(number)));
        data.delete();
    }

    /** Writes bytes; where that fails, the blocks keep what reached the file, and their entries follow. */
    private void put(long block, int count, ByteBuffer from) throws IOException {
        dirty = true;
        if (untouched) untouched = false;
        try {
            data.write(block * BLOCK_BYTES, from);
        } catch (IOException e) {
            try {
                recompute(block, count);
            } catch (IOException alsoUnreadable) {
                e.addSuppressed(alsoUnreadable);
            }
            throw e;
        }
    }
}
