package io.dyad.volumefiles;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * 2048 leaves of a map, 8 GiB of the volume, and which of them were ever written.
 * <pre>
 *  directory 512:  one bit a leaf, 256 | zero 252 | CRC32C of the 508 bytes before, 4
 * </pre>
 * A directory that does not match its checksum counts as all ones: then each leaf says itself what it holds.
 */
final class MapChunk {
    static final int SHIFT = 11;
    static final int LEAVES = 1 << SHIFT;
    static final int DIRECTORY_BYTES = 512;
    static final int FILE_BYTES = DIRECTORY_BYTES + LEAVES * MapLeaf.FILE_BYTES;
    private static final int CHECKED_BYTES = DIRECTORY_BYTES - Integer.BYTES;

    /** One of which nothing was ever written; shared, never changed. */
    static final MapChunk EMPTY = new MapChunk(new long[LEAVES / Long.SIZE]);

    /** Null: in the file, to be read. {@link MapLeaf#EMPTY}: nothing there. */
    private final AtomicReferenceArray<@Nullable MapLeaf> leaves = new AtomicReferenceArray<>(LEAVES);
    private final long[] written;

    MapChunk() { this(new long[LEAVES / Long.SIZE]); }

    private MapChunk(long[] written) {
        this.written = written;
        for (int i = 0; i < LEAVES; i++) {
            if (!written(i)) leaves.setPlain(i, MapLeaf.EMPTY);
        }
    }

    static long positionOf(int chunk) { return FileFormat.CONTENT_AT + (long) chunk * FILE_BYTES; }

    static long leafPositionOf(int index) {
        return positionOf(index >>> SHIFT) + DIRECTORY_BYTES + (long) (index & LEAVES - 1) * MapLeaf.FILE_BYTES;
    }

    @Nullable MapLeaf leaf(int index) { return leaves.getAcquire(index & LEAVES - 1); }

    void leaf(int index, MapLeaf leaf) { leaves.setRelease(index & LEAVES - 1, leaf); }

    /** A leaf went out of memory. */
    void drop(MapLeaf leaf) { leaves.compareAndSet(leaf.index & LEAVES - 1, leaf, null); }

    private boolean written(int slot) { return (written[slot / Long.SIZE] & 1L << slot) != 0; }

    /** Notes that a leaf is in the file; true when that is news. Guarded by the map. */
    boolean wrote(int index) {
        int slot = index & LEAVES - 1;
        if (written(slot)) return false;
        written[slot / Long.SIZE] |= 1L << slot;
        return true;
    }

    /** The directory did not get through to the file. Guarded by the map. */
    void unwrote(int index) { written[(index & LEAVES - 1) / Long.SIZE] &= ~(1L << index); }

    ByteBuffer directory() {
        ByteBuffer bytes = ByteBuffer.allocate(DIRECTORY_BYTES);
        for (long bits : written) bytes.putLong(bits);
        return bytes.putInt(CHECKED_BYTES, FileFormat.checksum(bytes, 0, CHECKED_BYTES)).clear();
    }

    /** Reads a directory; a blank one is {@link #EMPTY}. */
    static MapChunk of(ByteBuffer directory) {
        if (MapLeaf.blank(directory, 0)) return EMPTY;
        boolean whole = directory.getInt(CHECKED_BYTES) == FileFormat.checksum(directory, 0, CHECKED_BYTES);
        long[] written = new long[LEAVES / Long.SIZE];
        for (int i = 0; i < written.length; i++) written[i] = whole ? directory.getLong(i * Long.BYTES) : -1;
        return new MapChunk(written);
    }
}
