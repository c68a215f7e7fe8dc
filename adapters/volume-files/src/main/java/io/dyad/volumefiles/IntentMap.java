package io.dyad.volumefiles;

import io.dyad.replication.Memo;
import io.dyad.replication.StoreFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Two bits for every region. <i>Intent</i>: dirtied since it was last settled. <i>Doubt</i>: written since the volume was
 * last known to be in order on disk, so that after a crash its checksums are recomputed, not believed. Both are durable
 * before the first write to the region; clearing is lazy.
 * <pre>
 *  header, padded to 512 | sector 512 | sector 512 | …
 *  sector: intent bits of 2016 regions, 252 | doubt bits of the same, 252 | CRC32C of both, 4 | zero 4
 * </pre>
 * A sector that does not match its checksum counts as all ones: too many intents cost time, never content.
 * Guarded by the volume's writing lock.
 */
final class IntentMap implements Closeable {
    static final String NAME = "intents";
    private static final int SECTOR_BYTES = 512;
    private static final int HALF_BYTES = 252;
    private static final int READ_SECTORS = 256;
    private static final int SECTOR_REGIONS = HALF_BYTES * 8;

    private final FileLayer.Handle file;
    private final BitSet intents = new BitSet();
    private final BitSet doubts = new BitSet();
    private BitSet unflushed = new BitSet();
    private BitSet syncing = new BitSet();
    private BitSet needed = new BitSet();
    private int regions;

    private IntentMap(FileLayer.Handle file) { this.file = file; }

    static IntentMap create(FileLayer files, Path dir, long sizeBytes) throws IOException {
        IntentMap map = new IntentMap(files.open(dir.resolve(NAME)));
        map.file.write(0, FileFormat.INTENTS.header());
        map.grow(sizeBytes);
        return map;
    }

    static IntentMap open(FileLayer files, Path dir, long sizeBytes) throws IOException {
        Path path = dir.resolve(NAME);
        IntentMap map = new IntentMap(files.open(path));
        FileFormat.INTENTS.check(path, map.file);
        map.regions = regionsOf(sizeBytes);
        map.load();
        return map;
    }

    BitSet intents() { return (BitSet) intents.clone(); }

    BitSet doubts() { return (BitSet) doubts.clone(); }

    /** Marks the regions first to last, durably where they were not yet. */
    void mark(int first, int last) throws IOException {
        unflushed.set(first, last + 1);
        if (doubts.nextClearBit(first) <= last || intents.nextClearBit(first) <= last) {
            BitSet range = new BitSet();
            range.set(first, last + 1);
            mark(range, range);
        }
    }

    void mark(BitSet touched) throws IOException { mark(touched, touched); }

    /** Marks doubt alone: bytes move, the content stays. */
    void doubt(int first, int last) throws IOException {
        BitSet range = new BitSet();
        range.set(first, last + 1);
        mark(new BitSet(), range);
    }

    private void mark(BitSet intended, BitSet doubtful) throws IOException {
        unflushed.or(doubtful);
        BitSet freshIntents = minus(intended, intents);
        BitSet freshDoubts = minus(doubtful, doubts);
        BitSet fresh = (BitSet) freshIntents.clone();
        fresh.or(freshDoubts);
        if (fresh.isEmpty()) return;
        intents.or(freshIntents);
        doubts.or(freshDoubts);
        try {
            store(fresh);
        } catch (StoreFullException full) {
            intents.andNot(freshIntents);
            doubts.andNot(freshDoubts);
            throw full;
        }
        file.force();
    }

    /** A sync begins: regions written from here on wait for the next one. */
    void syncBegins() {
        syncing = unflushed;
        unflushed = new BitSet();
    }

    void syncEnded() { syncing = new BitSet(); }

    /** What the sync was to bring to the disk waits for the next one. */
    void syncFailed() {
        unflushed.or(syncing);
        syncing = new BitSet();
    }

    /** Forgets what of regions is settled whose writes are synced, maps and all: that they are in doubt, and outside {@code keep} that they were written. */
    void settle(BitSet keep) throws IOException {
        needed = (BitSet) keep.clone();
        BitSet doubtful = (BitSet) unflushed.clone();
        doubtful.or(syncing);
        BitSet stay = (BitSet) keep.clone();
        stay.or(doubtful);
        clear(stay, doubtful);
    }

    /** Everything is in order on disk: no doubt is left, and intent only where {@link #settle} needed it. */
    void clean() throws IOException { clear(needed, new BitSet()); }

    /** Recovery has recomputed what was in doubt and flushed it. */
    void trust() throws IOException { clear(intents(), new BitSet()); }

    private void clear(BitSet intentsKept, BitSet doubtsKept) throws IOException {
        BitSet gone = minus(intents, intentsKept);
        gone.or(minus(doubts, doubtsKept));
        intents.and(intentsKept);
        doubts.and(doubtsKept);
        store(gone);
    }

    void force() throws IOException { file.force(); }

    /** Makes room for a larger volume, durably. */
    void grow(long sizeBytes) throws IOException {
        int from = sectorsOf(regions);
        regions = regionsOf(sizeBytes);
        for (int sector = from; sector < sectorsOf(regions); sector++) store(sector);
        file.force();
    }

    @Override public void close() throws IOException { file.close(); }

    private void store(BitSet changed) throws IOException {
        int next = changed.nextSetBit(0);
        while (next >= 0) {
            int sector = next / SECTOR_REGIONS;
            store(sector);
            next = changed.nextSetBit((sector + 1) * SECTOR_REGIONS);
        }
    }

    private void store(int sector) throws IOException {
        int from = sector * SECTOR_REGIONS;
        ByteBuffer bytes = ByteBuffer.allocate(SECTOR_BYTES);
        bytes.put(intents.get(from, from + SECTOR_REGIONS).toByteArray()).position(HALF_BYTES);
        bytes.put(doubts.get(from, from + SECTOR_REGIONS).toByteArray()).position(2 * HALF_BYTES);
        bytes.putInt(FileFormat.checksum(bytes, 0, 2 * HALF_BYTES)).clear();
        file.write((sector + 1L) * SECTOR_BYTES, bytes);
    }

    private void load() throws IOException {
        int sectors = sectorsOf(regions);
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(sectors, READ_SECTORS) * SECTOR_BYTES);
        for (int from = 0; from < sectors; from += READ_SECTORS) {
            int count = Math.min(READ_SECTORS, sectors - from);
            file.read((from + 1L) * SECTOR_BYTES, bytes.clear().limit(count * SECTOR_BYTES));
            bytes.clear();
            for (int i = 0; i < count; i++) load(from + i, bytes, i * SECTOR_BYTES);
        }
    }

    private void load(int sector, ByteBuffer bytes, int start) {
        boolean whole = bytes.getInt(start + 2 * HALF_BYTES) == FileFormat.checksum(bytes, start, 2 * HALF_BYTES);
        if (whole && blank(bytes, start)) return;
        int from = sector * SECTOR_REGIONS;
        for (int i = 0; i < Math.min(SECTOR_REGIONS, regions - from); i++) {
            if (!whole || bit(bytes, start, i)) intents.set(from + i);
            if (!whole || bit(bytes, start + HALF_BYTES, i)) doubts.set(from + i);
        }
    }

    private static boolean blank(ByteBuffer bytes, int start) {
        for (int i = 0; i < 2 * HALF_BYTES; i += Long.BYTES) {
            if (bytes.getLong(start + i) != 0) return false;
        }
        return true;
    }

    private static boolean bit(ByteBuffer bytes, int start, int index) { return (bytes.get(start + (index >> 3)) >> (index & 7) & 1) != 0; }

    private static BitSet minus(BitSet all, BitSet some) {
        BitSet rest = (BitSet) all.clone();
        rest.andNot(some);
        return rest;
    }

    private static int sectorsOf(int regions) { return (regions + SECTOR_REGIONS - 1) / SECTOR_REGIONS; }

    static int regionsOf(long sizeBytes) { return Math.toIntExact((sizeBytes + Memo.REGION_BYTES - 1) / Memo.REGION_BYTES); }
}
