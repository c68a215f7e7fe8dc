package io.dyad.volumefiles;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a {@link LayerMap}: an {@link Entry} for every block, 1024 to a leaf.
 * <pre>
 *  header, padded to 4096 | chunk | chunk | …       chunk: directory 512 | leaf 4608 | leaf 4608 | … 2048 of them, see {@link MapChunk}
 * </pre>
 * Guarded by the map; any thread forces.
 */
final class MapFile implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(MapFile.class);

    private final Path path;
    private final FileLayer.Handle file;

    MapFile(Path path, FileLayer.Handle file) {
        this.path = path;
        this.file = file;
    }

    /** Makes it the file of a map in which nothing is present. */
    void blank() throws IOException {
        file.resize(0);
        file.write(0, FileFormat.MAP.header());
    }

    /** A chunk with none of its leaves in memory. */
    MapChunk chunk(int number) throws IOException {
        ByteBuffer directory = ByteBuffer.allocate(MapChunk.DIRECTORY_BYTES);
        file.read(MapChunk.positionOf(number), directory);
        return MapChunk.of(directory);
    }

    /** The entries of a leaf; those in a sector that does not match its checksum are damaged. */
    int[] leaf(int index) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MapLeaf.FILE_BYTES);
        file.read(MapChunk.leafPositionOf(index), bytes);
        int[] entries = new int[MapLeaf.BLOCKS];
        int damaged = MapLeaf.decode(index, bytes, entries);
        if (damaged > 0) LOG.error("{}: {} sectors of leaf {} are damaged; their blocks are not readable until they are written anew", path, damaged, index);
        return entries;
    }

    /** Writes a leaf, and before it the directory of its chunk, where that is in memory and has not heard of the leaf. */
    void write(int index, int[] entries, @Nullable MapChunk chunk) throws IOException {
        if (chunk != null && chunk.wrote(index)) {
            try {
                file.write(MapChunk.positionOf(index >>> MapChunk.SHIFT), chunk.directory());
            } catch (IOException e) {
                chunk.unwrote(index);
                throw e;
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(MapLeaf.FILE_BYTES);
        MapLeaf.encode(index, entries, bytes);
        file.write(MapChunk.leafPositionOf(index), bytes.flip());
    }

    void force() throws IOException { file.force(); }

    @Override public void close() throws IOException { file.close(); }
}
