package io.dyad.volumefiles;

import io.dyad.replication.DamagedBlockException;
import io.dyad.replication.Disk;
import io.dyad.replication.Memo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The volume's current content. A block goes to the highest layer that already has it among those above the active one,
 * else to the active one: so a layer that folds never hides a newer block, and no entry has to be cleared for a write.
 */
final class FileDisk implements Disk {
    private final FileVolume volume;

    FileDisk(FileVolume volume) { this.volume = volume; }

    @Override public long sizeBytes() { return volume.sizeBytes(); }

    @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
        checkRange(offsetBytes, into.remaining(), sizeBytes());
        read(volume, volume::reader, offsetBytes, into);
    }

    /** A block that does not match is read again with the writer kept out: it may have been written beside the first read. */
    static void read(FileVolume volume, Supplier<LayerReader> reader, long offsetBytes, ByteBuffer into) throws IOException {
        int start = into.position();
        while (!quickly(volume, reader, offsetBytes + into.position() - start, into)) {
            long at = offsetBytes + into.position() - start;
            int limit = into.limit();
            volume.writing.lock();
            try {
                if (!reader.get().fill(at, into.limit(into.position() + BLOCK_BYTES))) throw new DamagedBlockException(at);
            } finally {
                into.limit(limit);
                volume.writing.unlock();
            }
        }
    }

    /** False, with the position at the block, when one does not match. */
    static boolean quickly(FileVolume volume, Supplier<LayerReader> reader, long offsetBytes, ByteBuffer into)
            throws IOException {
        long stamp = volume.reading.readLock();
        try {
            return reader.get().fill(offsetBytes, into);
        } finally {
            volume.reading.unlockRead(stamp);
        }
    }

    @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException {
        checkRange(offsetBytes, endBytes - offsetBytes, sizeBytes());
        return extent(volume, volume::reader, offsetBytes, endBytes);
    }

    static Extent extent(FileVolume volume, Supplier<LayerReader> reader, long offsetBytes, long endBytes) throws IOException {
        long stamp = volume.reading.readLock();
        try {
            return reader.get().extent(offsetBytes, endBytes);
        } finally {
            volume.reading.unlockRead(stamp);
        }
    }

    @Override public void write(long offsetBytes, ByteBuffer from) throws IOException {
        int length = from.remaining();
        checkRange(offsetBytes, length, sizeBytes());
        if (length == 0) return;
        if (volume.recent.full()) checkpoint();
        volume.writing.lock();
        try {
            volume.check();
            volume.decisive(() -> volume.intents.mark(regionOf(offsetBytes), regionOf(offsetBytes + length - 1)));
            int limit = from.limit();
            long first = offsetBytes / BLOCK_BYTES;
            inRuns(first, first + length / BLOCK_BYTES, (layer, block, count) -> {
                from.limit(from.position() + count * BLOCK_BYTES);
                if (layer.base()) layer.write(block, from);
                else writeAbove(layer, block, from);
                from.limit(limit);
            });
        } finally {
            volume.writing.unlock();
        }
    }

    /** Recorded first, so that a kill never finds bytes whose older record alone is there. After a failure what is left is recorded. */
    private void writeAbove(Layer layer, long block, ByteBuffer from) throws IOException {
        int[] entries = Entry.ofAll(from);
        volume.recent.add(layer.number, block, entries);
        try {
            layer.write(block, from, entries);
        } catch (IOException e) {
            try {
                volume.recent.add(layer.number, block, layer.entries(block, entries.length));
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private void zero(Layer layer, long block, int count, boolean toTheEnd) throws IOException {
        if (!layer.base()) volume.recent.addZeroes(layer.number, block, count);
        layer.zero(block, count, toTheEnd);
    }

    @Override public void zero(long offsetBytes, long lengthBytes) throws IOException {
        checkRange(offsetBytes, lengthBytes, sizeBytes());
        if (lengthBytes == 0) return;
        if (volume.recent.full()) checkpoint();
        volume.writing.lock();
        try {
            volume.check();
            long end = offsetBytes + lengthBytes;
            BitSet touched = regionsWithData(offsetBytes, end);
            if (touched.isEmpty()) return;
            volume.decisive(() -> volume.intents.mark(touched));
            boolean single = volume.stack().length == 1;
            for (int region = touched.nextSetBit(0); region >= 0; region = touched.nextSetBit(region)) {
                long from = Math.max(offsetBytes, (long) region * Memo.REGION_BYTES);
                region = single ? regionOf(end - 1) + 1 : touched.nextClearBit(region);
                zeroBlocks(from / BLOCK_BYTES, Math.min(end, (long) region * Memo.REGION_BYTES) / BLOCK_BYTES);
            }
        } finally {
            volume.writing.unlock();
        }
    }

    private void zeroBlocks(long first, long end) throws IOException {
        long last = sizeBytes() / BLOCK_BYTES;
        inRuns(first, end, (layer, block, count) -> zero(layer, block, count, block + count == last));
    }

    private BitSet regionsWithData(long offsetBytes, long endBytes) throws IOException {
        BitSet regions = new BitSet();
        LayerReader reader = volume.reader();
        for (int region = regionOf(offsetBytes); region <= regionOf(endBytes - 1); region++) {
            if (!reader.emptyAround((long) region * LayerMap.LEAF_BLOCKS)) regions.set(region);
        }
        return regions;
    }

    private interface Run {
        void apply(Layer layer, long block, int count) throws IOException;
    }

    private void inRuns(long first, long end, Run run) throws IOException {
        LayerReader reader = volume.reader();
        int active = volume.active();
        for (long block = first; block < end; ) {
            long next = active == reader.depth() - 1 ? Math.min(end, block + (1 << 18)) : block;
            int index = active;
            if (next == block) {
                index = reader.layerOf(block, active);
                do next++; while (next < end && next - block < 1 << 18 && reader.layerOf(next, active) == index);
                if (index > active) volume.layers().touched(reader.stack()[index], block, next);
            }
            run.apply(reader.stack()[index], block, (int) (next - block));
            block = next;
        }
    }

    @Override public void flush() throws IOException { volume.sync.flush(); }

    @Override public void checkpoint() throws IOException { volume.sync.join(); }

    @Override public void grow(long sizeBytes) throws IOException {
        volume.switching.lock();
        try {
            volume.check();
            long before = sizeBytes();
            if (sizeBytes < before) throw new IllegalArgumentException("a volume never shrinks: " + before + " to " + sizeBytes);
            checkSize(sizeBytes);
            if (sizeBytes == before) return;
            volume.growLayers(sizeBytes);
            volume.switchTo(volume.manifest().withSize(sizeBytes));
        } finally {
            volume.switching.unlock();
        }
    }

    static int regionOf(long offsetBytes) { return (int) (offsetBytes / Memo.REGION_BYTES); }

    static void checkSize(long sizeBytes) {
        if (sizeBytes <= 0 || sizeBytes % BLOCK_BYTES != 0) {
            throw new IllegalArgumentException("a volume's size is a positive multiple of " + BLOCK_BYTES + ", not " + sizeBytes);
        }
    }

    static void checkRange(long offsetBytes, long lengthBytes, long sizeBytes) {
        if (offsetBytes % BLOCK_BYTES != 0 || lengthBytes % BLOCK_BYTES != 0) {
            throw new IllegalArgumentException(offsetBytes + "+" + lengthBytes + " is not in whole blocks of " + BLOCK_BYTES);
        }
        Objects.checkFromIndexSize(offsetBytes, lengthBytes, sizeBytes);
    }
}
