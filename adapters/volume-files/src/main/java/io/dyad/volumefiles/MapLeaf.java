package io.dyad.volumefiles;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * 1024 entries of a map in memory, one region, and how they lie in the file: nine sectors, each whole or not there at all.
 * <pre>
 *  sector 512:  114 entries of 4, 456 | zero 52 | CRC32C of the 508 bytes before and of the sector's number, 4
 * </pre>
 * A sector of zeroes was never written: nothing is present. One that does not match its checksum makes its blocks
 * {@link Entry#DAMAGED}.
 *
 * <p>Entries are read by any thread and changed by the writer. A leaf leaves memory only while it is clean, by one step of its
 * state, so that a change never goes to a copy that nobody will store.
 */
final class MapLeaf {
    static final int BLOCKS = 1024;
    static final int SECTORS = 9;
    static final int SECTOR_BYTES = 512;
    static final int FILE_BYTES = SECTORS * SECTOR_BYTES;
    /** What a leaf costs in memory. */
    static final int HEAP_BYTES = BLOCKS * Integer.BYTES + 80;
    private static final int SECTOR_ENTRIES = 114;
    private static final int CHECKED_BYTES = SECTOR_BYTES - Integer.BYTES;

    private static final int DIRTY = 1;
    private static final int STORING = 2;
    private static final int GONE = 4;
    private static final VarHandle STATE;
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(int[].class);

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(MapLeaf.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Nothing present; shared, never changed. */
    static final MapLeaf EMPTY = new MapLeaf(-1, new int[BLOCKS]);

    final int index;
    final int[] entries;
    /** Set at each use, taken away by the budget's hand when it comes by. */
    boolean used = true;
    /** Where it lies in the {@link MapBudget}, whose lock guards these. */
    @Nullable LayerMap home;
    @Nullable MapLeaf before;
    @Nullable MapLeaf after;
    @SuppressWarnings("unused") private volatile int state;

    MapLeaf(int index, int[] entries) {
        this.index = index;
        this.entries = entries;
    }

    static int get(int[] entries, int slot) { return (int) ENTRY.getAcquire(entries, slot); }

    int get(int slot) { return get(entries, slot); }

    void set(int slot, int entry) { ENTRY.setRelease(entries, slot, entry); }

    /** What a change began with. */
    enum Began { GONE, CLEAN, DIRTY }

    /** Comes before each change; nothing may be changed in a leaf that is gone. */
    Began change() {
        while (true) {
            int now = state;
            if ((now & GONE) != 0) return Began.GONE;
            if ((now & DIRTY) != 0) return Began.DIRTY;
            if (STATE.compareAndSet(this, now, now | DIRTY)) return Began.CLEAN;
        }
    }

    /** A copy is on its way to the file. The writer is kept out. */
    void storing() { STATE.setVolatile(this, STORING); }

    /** The copy is in the file. */
    void stored() { STATE.getAndBitwiseAnd(this, ~STORING); }

    /** Takes a clean leaf out of use; false for one that waits for the file. */
    boolean leave() { return STATE.compareAndSet(this, 0, GONE); }

    static void encode(int index, int[] entries, ByteBuffer into) {
        for (int sector = 0; sector < SECTORS; sector++) {
            int start = into.position();
            int first = sector * SECTOR_ENTRIES;
            boolean any = false;
            for (int i = first; i < Math.min(BLOCKS, first + SECTOR_ENTRIES); i++) {
                any |= entries[i] != Entry.ABSENT;
                into.putInt(entries[i]);
            }
            while (into.position() < start + CHECKED_BYTES) into.putInt(0);
            into.putInt(any ? checksum(into, start, index, sector) : 0);
        }
    }

    /** Reads the entries of a leaf and says how many sectors were damaged. */
    static int decode(int index, ByteBuffer from, int[] entries) {
        int damaged = 0;
        for (int sector = 0; sector < SECTORS; sector++) {
            int start = sector * SECTOR_BYTES;
            boolean whole = from.getInt(start + CHECKED_BYTES) == checksum(from, start, index, sector) || blank(from, start);
            if (!whole) damaged++;
            int first = sector * SECTOR_ENTRIES;
            for (int i = first; i < Math.min(BLOCKS, first + SECTOR_ENTRIES); i++) {
                entries[i] = whole ? from.getInt(start + (i - first) * Integer.BYTES) : Entry.DAMAGED;
            }
        }
        return damaged;
    }

    static boolean blank(ByteBuffer bytes, int start) {
        for (int i = 0; i < SECTOR_BYTES; i += Long.BYTES) {
            if (bytes.getLong(start + i) != 0) return false;
        }
        return true;
    }

    private static int checksum(ByteBuffer bytes, int start, int index, int sector) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(start + CHECKED_BYTES).position(start));
        long number = (long) index * SECTORS + sector;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) crc.update((int) (number >>> shift));
        return (int) crc.getValue();
    }
}
