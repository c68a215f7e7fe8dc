package io.dyad.volumefiles;

import io.dyad.replication.StoreFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What a volume is: its size, its {@link Layout}, and the replication's mark.
 * <pre>
 *  header (16) | size 8 | layout … | mark length 4 | mark … | CRC32C of all before 4
 * </pre>
 * Version 1, still read, knew no staged layer and no snapshots.
 */
record Manifest(long sizeBytes, Layout layout, byte[] mark) {
    static final String NAME = "manifest";
    static final int MAX_MARK_BYTES = 16 << 20;
    private static final String DRAFT = "manifest.tmp";

    static Manifest empty(long sizeBytes) { return new Manifest(sizeBytes, Layout.base(), new byte[0]); }

    Manifest withSize(long bytes) { return new Manifest(bytes, layout, mark); }

    Manifest withMark(byte[] record) { return new Manifest(sizeBytes, layout, record); }

    Manifest with(Layout next) { return new Manifest(sizeBytes, next, mark); }

    /** Writes the draft; the manifest in force is untouched until {@link #publish}. */
    void draft(FileLayer files, Path dir) throws IOException {
        try (FileLayer.Handle file = files.open(dir.resolve(DRAFT))) {
            file.resize(0);
            file.write(0, encoded());
        } catch (StoreFullException full) {
            files.delete(dir.resolve(DRAFT));
            throw full;
        }
    }

    /** Makes the draft the manifest in force, in one durable step. */
    static void publish(FileLayer files, Path dir) throws IOException {
        try (FileLayer.Handle file = files.open(dir.resolve(DRAFT))) {
            file.force();
        }
        files.rename(dir.resolve(DRAFT), dir.resolve(NAME));
        files.forceDirectory(dir);
    }

    static Manifest load(FileLayer files, Path dir) throws IOException {
        Path path = dir.resolve(NAME);
        try (FileLayer.Handle file = files.open(path)) {
            int version = FileFormat.MANIFEST.check(path, file);
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            file.read(0, bytes);
            int end = bytes.flip().limit() - Integer.BYTES;
            if (end < FileFormat.HEADER_BYTES || bytes.getInt(end) != FileFormat.checksum(bytes, 0, end)) {
                throw new IOException(path + " is damaged: it does not match its checksum");
            }
            return decoded(bytes.position(FileFormat.HEADER_BYTES), version);
        }
    }

    private ByteBuffer encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(FileFormat.HEADER_BYTES + 16 + layout.encodedBytes() + mark.length);
        bytes.put(FileFormat.MANIFEST.header()).putLong(sizeBytes);
        layout.encode(bytes);
        bytes.putInt(mark.length).put(mark);
        return bytes.putInt(FileFormat.checksum(bytes, 0, bytes.position())).flip();
    }

    private static Manifest decoded(ByteBuffer bytes, int version) {
        long sizeBytes = bytes.getLong();
        Layout layout = version == 1 ? Layout.decodeFirstVersion(bytes) : Layout.decode(bytes);
        byte[] mark = new byte[bytes.getInt()];
        bytes.get(mark);
        return new Manifest(sizeBytes, layout, mark);
    }
}
