package io.dyad.volumefiles;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What writes to layers above the base changed in their maps since the last sync, so that a killed process loses none of it.
 * A record is written before the bytes it speaks of and is never forced: after a power cut any of them may be missing.
 * <pre>
 *  header, padded to 512 | first generation that counts 8, CRC32C of it 4, padded to 4096 | area 64 MiB | area 64 MiB
 *  area:   record | record | … up to the first that is not whole
 *  record: CRC32C of the rest 4 | blocks 4, negative: all are zeroes | generation 8 | layer 8 | first block 8 | entry 4 …
 * </pre>
 * Every sync begins a generation, in the other area where that is free, and ends by making durable that the older ones no
 * longer count: before a fold clears an entry, so no record brings it back. The file is made with the first record.
 * Damage in it keeps no volume closed: records that are not whole, or of which nobody knows whether they count, do not, as after
 * a power cut; the regions they speak of keep their intents, so that a pair compares them.
 * Guarded by the volume's writing lock; {@link #outdate} by the one sync that runs.
 */
final class RecentEntries implements Closeable {
    static final String NAME = "recent";
    private static final Logger LOG = LoggerFactory.getLogger(RecentEntries.class);
    private static final int COUNTS_AT = 512;
    private static final int RECORD_BYTES = 32;
    private static final int MOST_BLOCKS = 1 << 18;
    private static final long AREA_BYTES = 64L << 20;
    /** From here on a sync is due: it bounds what a recovery reads. */
    private static final long ENOUGH_BYTES = 16L << 20;

    private final FileLayer files;
    private final Path dir;
    private FileLayer.@Nullable Handle file;
    /** The oldest generation that counts. */
    private long first = 1;
    /** The generation of what is recorded now. */
    private long now = 1;
    /** The newest generation in each area. */
    private final long[] newest = new long[2];
    private int area;
    private long used;

    private RecentEntries(FileLayer files, Path dir) {
        this.files = files;
        this.dir = dir;
    }

    /** Blocks of a layer from {@code block} on; each {@link Entry} as it came into the map. */
    record Entries(long generation, long layer, long block, int count, int[] values) {
        int entry(int index) { return values.length == 0 ? Entry.ZEROED : values[index]; }
    }

    static RecentEntries open(FileLayer files, Path dir) throws IOException {
        RecentEntries recent = new RecentEntries(files, dir);
        Path path = dir.resolve(NAME);
        if (!files.list(dir).contains(path)) return recent;
        FileLayer.Handle file = files.open(path);
        recent.file = file;
        try {
            recent.begin(path, file);
            return recent;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void begin(Path path, FileLayer.Handle found) throws IOException {
        if (FileFormat.RECENT.damaged(found)) {
            LOG.error("{}: the header is damaged; of its records those count that are whole", path);
            found.write(0, FileFormat.RECENT.header());
        }
        FileFormat.RECENT.check(path, found);
        ByteBuffer counts = ByteBuffer.allocate(12);
        found.read(COUNTS_AT, counts);
        if (counts.getInt(8) == FileFormat.checksum(counts, 0, 8)) {
            first = now = counts.getLong(0);
            return;
        }
        LOG.error("{}: nobody knows which records count; where the last process was killed, writes above a cut that were not flushed may be lost", path);
        restart();
    }

    /** Whether a sync is due before more is recorded. */
    boolean full() { return used > ENOUGH_BYTES; }

    void add(long layer, long block, int[] entries) throws IOException { append(layer, block, entries.length, entries); }

    void addZeroes(long layer, long block, int count) throws IOException { append(layer, block, -count, new int[0]); }

    private void append(long layer, long block, int count, int[] entries) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES + entries.length * Integer.BYTES);
        record.putInt(0).putInt(count).putLong(now).putLong(layer).putLong(block);
        for (int entry : entries) record.putInt(entry);
        record.putInt(0, FileFormat.checksum(record, 4, record.capacity() - 4));
        made().write(startOf(area) + used, record.flip());
        used += record.capacity();
        newest[area] = now;
    }

    private FileLayer.Handle made() throws IOException {
        FileLayer.Handle made = file;
        if (made != null) return made;
        Path draft = dir.resolve(NAME + ".new");
        try (FileLayer.Handle fresh = files.open(draft)) {
            fresh.write(0, FileFormat.RECENT.header());
            fresh.write(COUNTS_AT, counts(first));
            fresh.force();
        }
        files.rename(draft, dir.resolve(NAME));
        files.forceDirectory(dir);
        return file = files.open(dir.resolve(NAME));
    }

    private static ByteBuffer counts(long generation) {
        ByteBuffer counts = ByteBuffer.allocate(12).putLong(generation);
        return counts.putInt(FileFormat.checksum(counts, 0, 8)).flip();
    }

    /** A sync begins that covers all that is recorded; says the generation of what is recorded from here on. */
    long syncBegins() {
        now++;
        if (newest[1 - area] < first) {
            area = 1 - area;
            used = 0;
        }
        return now;
    }

    /** Makes durable that older generations no longer count, once what they speak of is. */
    void outdate(long generation) throws IOException {
        FileLayer.Handle made = file;
        if (made == null || Math.max(newest[0], newest[1]) < first) return;
        made.write(COUNTS_AT, counts(generation));
        made.force();
    }

    void syncEnded(long generation) { first = generation; }

    /** What counts, oldest first. */
    List<Entries> read() throws IOException {
        List<Entries> found = new ArrayList<>();
        FileLayer.Handle made = file;
        if (made == null) return found;
        for (int i = 0; i < 2; i++) read(made, startOf(i), found);
        found.sort(Comparator.comparingLong(Entries::generation));
        return found;
    }

    private void read(FileLayer.Handle made, long start, List<Entries> found) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(RECORD_BYTES);
        for (long at = start; at < start + AREA_BYTES; ) {
            if (made.read(at, head.clear()) < RECORD_BYTES) return;
            int count = head.getInt(4);
            if (count == 0 || count > MOST_BLOCKS || count < -MOST_BLOCKS) return;
            ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES + Math.max(0, count) * Integer.BYTES);
            made.read(at, record);
            if (record.hasRemaining() || record.getInt(0) != FileFormat.checksum(record, 4, record.capacity() - 4)) return;
            at += record.capacity();
            record.position(8);
            long generation = record.getLong();
            now = Math.max(now, generation);
            if (generation < first) continue;
            long layer = record.getLong();
            long block = record.getLong();
            int[] values = new int[record.remaining() / Integer.BYTES];
            record.asIntBuffer().get(values);
            found.add(new Entries(generation, layer, block, Math.abs(count), values));
        }
    }

    /** Begins anew, durably: what was recorded is in the layers and their maps. */
    void restart() throws IOException {
        FileLayer.Handle made = file;
        if (made == null) return;
        now++;
        made.resize(FileFormat.CONTENT_AT);
        made.write(COUNTS_AT, counts(now));
        made.force();
        first = now;
    }

    /** Gives back the room of records after an orderly last sync. */
    void rest() throws IOException {
        if (file != null) file.resize(FileFormat.CONTENT_AT);
    }

    @Override public void close() throws IOException {
        if (file != null) file.close();
    }

    private static long startOf(int area) { return FileFormat.CONTENT_AT + area * AREA_BYTES; }
}
