package io.dyad.volumefiles;

import io.dyad.replication.StoreFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a volume is made of: its size, its layers from the base up, and the replication's mark. Which layer folds need not
 * stand here: after a restart every layer above the base does.
 * <pre>
 *  header (16) | size 8 | next layer 8 | layers 4 | layer number 8 … | mark length 4 | mark … | CRC32C of all before 4
 * </pre>
 */
record Manifest(long sizeBytes, long nextLayer, List<Long> layers, byte[] mark) {
    static final String NAME = "manifest";
    static final int MAX_MARK_BYTES = 16 << 20;
    private static final String DRAFT = "manifest.tmp";

    static Manifest empty(long sizeBytes) { return new Manifest(sizeBytes, 1, List.of(0L), new byte[0]); }

    Manifest withSize(long bytes) { return new Manifest(bytes, nextLayer, layers, mark); }

    Manifest withMark(byte[] record) { return new Manifest(sizeBytes, nextLayer, layers, record); }

    Manifest withLayer(long number) {
        List<Long> more = new ArrayList<>(layers);
        more.add(number);
        return new Manifest(sizeBytes, Math.max(nextLayer, number + 1), List.copyOf(more), mark);
    }

    Manifest withoutLayer(long number) {
        return new Manifest(sizeBytes, nextLayer, layers.stream().filter(n -> n != number).toList(), mark);
    }

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
            FileFormat.MANIFEST.check(path, file);
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            file.read(0, bytes);
            int end = bytes.flip().limit() - Integer.BYTES;
            if (end < FileFormat.HEADER_BYTES || bytes.getInt(end) != FileFormat.checksum(bytes, 0, end)) {
                throw new IOException(path + " is damaged: it does not match its checksum");
            }
            return decoded(bytes.position(FileFormat.HEADER_BYTES));
        }
    }

    private ByteBuffer encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(FileFormat.HEADER_BYTES + 28 + layers.size() * Long.BYTES + mark.length);
        bytes.put(FileFormat.MANIFEST.header()).putLong(sizeBytes).putLong(nextLayer).putInt(layers.size());
        layers.forEach(bytes::putLong);
        bytes.putInt(mark.length).put(mark);
        return bytes.putInt(FileFormat.checksum(bytes, 0, bytes.position())).flip();
    }

    private static Manifest decoded(ByteBuffer bytes) {
        long sizeBytes = bytes.getLong();
        long nextLayer = bytes.getLong();
        List<Long> layers = new ArrayList<>();
        for (int n = bytes.getInt(); n > 0; n--) layers.add(bytes.getLong());
        byte[] mark = new byte[bytes.getInt()];
        bytes.get(mark);
        return new Manifest(sizeBytes, nextLayer, List.copyOf(layers), mark);
    }
}
