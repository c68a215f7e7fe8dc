package io.dyad.volumefiles;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one layer at the volume's own offsets, in files of at most 8 TiB each: no file of ext4 reaches 16 TiB.
 * <pre>
 *  layer-N.data          header, padded to 4096 | bytes from 0 on
 *  layer-N.data-1        header, padded to 4096 | bytes from 8 TiB on      made by the first write there, as are those that follow
 * </pre>
 * Of format version 1 is a file that holds everything, however long; one that grows over 8 TiB becomes version 2 first.
 * Written by one thread at a time; any thread reads and forces.
 */
final class DataFile implements Closeable {
    static final long PART_BYTES = 8L << 40;

    private final FileLayer files;
    private final Path dir;
    private final Path path;
    private volatile FileLayer.@Nullable Handle[] parts;
    private volatile long partBytes = PART_BYTES;

    private DataFile(FileLayer files, Path path, FileLayer.Handle first) {
        this.files = files;
        this.dir = Objects.requireNonNull(path.getParent());
        this.path = path;
        this.parts = new FileLayer.Handle[] {first};
    }

    /** Whether a file of that name may be a part of this layer's bytes. */
    static boolean owns(String first, String name) { return name.equals(first) || name.startsWith(first + "-"); }

    /** Makes an empty one of that size; its name is durable once the directory is forced. */
    static DataFile create(FileLayer files, Path path, long sizeBytes) throws IOException {
        DataFile data = new DataFile(files, path, files.open(path));
        try {
            data.first().resize(0);
            data.first().write(0, FileFormat.DATA.header());
            data.resize(sizeBytes);
            data.first().force();
            return data;
        } catch (IOException e) {
            data.delete();
            throw e;
        }
    }

    static DataFile open(FileLayer files, Path path, long sizeBytes) throws IOException {
        DataFile data = new DataFile(files, path, files.open(path));
        try {
            if (FileFormat.DATA.check(path, data.first()) == 1) data.partBytes = Long.MAX_VALUE;
            else if (sizeBytes > PART_BYTES) data.openParts(Math.toIntExact((sizeBytes - 1) / PART_BYTES));
            return data;
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    private void openParts(int last) throws IOException {
        List<Path> there = files.list(dir);
        for (int i = 1; i <= last; i++) {
            Path part = pathOf(i);
            if (!there.contains(part)) continue;
            FileLayer.Handle opened = files.open(part);
            put(i, opened);
            FileFormat.DATA.check(part, opened);
        }
    }

    /** Fills {@code into}; what was never written is zeroes. */
    void read(long position, ByteBuffer into) throws IOException {
        int limit = into.limit();
        for (long at = position; into.position() < limit; ) {
            int bytes = (int) Math.min(limit - into.position(), partBytes - at % partBytes);
            FileLayer.Handle part = part((int) (at / partBytes));
            into.limit(into.position() + bytes);
            if (part != null) part.read(FileFormat.CONTENT_AT + at % partBytes, into);
            Zeroes.fill(into, into.remaining());
            into.limit(limit);
            at += bytes;
        }
    }

    void write(long position, ByteBuffer from) throws IOException {
        int limit = from.limit();
        try {
            for (long at = position; from.position() < limit; ) {
                int bytes = (int) Math.min(limit - from.position(), partBytes - at % partBytes);
                from.limit(from.position() + bytes);
                made((int) (at / partBytes)).write(FileFormat.CONTENT_AT + at % partBytes, from);
                at += bytes;
            }
        } finally {
            from.limit(limit);
        }
    }

    /** Makes every write and resize that returned before durable. */
    void force() throws IOException {
        for (FileLayer.Handle part : parts) {
            if (part != null) part.force();
        }
    }

    /** From here on the bytes behind are zeroes. */
    void resize(long sizeBytes) throws IOException {
        if (partBytes != PART_BYTES && sizeBytes > PART_BYTES && first().size() <= FileFormat.CONTENT_AT + PART_BYTES) {
            first().write(0, FileFormat.DATA.header());
            first().force();
            partBytes = PART_BYTES;
        }
        for (int i = 0; i < parts.length; i++) {
            FileLayer.Handle part = parts[i];
            if (part != null) part.resize(FileFormat.CONTENT_AT + Math.clamp(sizeBytes - (i == 0 ? 0 : i * partBytes), 0, partBytes));
        }
    }

    private FileLayer.Handle first() {
        FileLayer.Handle first = parts[0];
        if (first == null) throw new IllegalStateException(path + " has no first part");
        return first;
    }

    private FileLayer.@Nullable Handle part(int index) {
        FileLayer.@Nullable Handle[] now = parts;
        return index < now.length ? now[index] : null;
    }

    /** A part is there whole, durably, or not at all. */
    private FileLayer.Handle made(int index) throws IOException {
        FileLayer.Handle part = part(index);
        if (part != null) return part;
        Path draft = path.resolveSibling(path.getFileName() + ".new");
        try (FileLayer.Handle fresh = files.open(draft)) {
            fresh.resize(0);
            fresh.write(0, FileFormat.DATA.header());
            fresh.force();
        }
        files.rename(draft, pathOf(index));
        files.forceDirectory(dir);
        FileLayer.Handle opened = files.open(pathOf(index));
        put(index, opened);
        return opened;
    }

    private void put(int index, FileLayer.Handle part) {
        FileLayer.@Nullable Handle[] more = Arrays.copyOf(parts, Math.max(parts.length, index + 1));
        more[index] = part;
        parts = more;
    }

    private Path pathOf(int index) { return path.resolveSibling(path.getFileName() + "-" + index); }

    @Override public void close() throws IOException {
        for (FileLayer.Handle part : parts) {
            if (part != null) part.close();
        }
    }

    void delete() throws IOException {
        close();
        for (int i = parts.length - 1; i > 0; i--) files.delete(pathOf(i));
        files.delete(path);
    }
}
