package io.dyad.volumefiles;

import io.dyad.replication.StoreFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The files under a store: the place where a test puts a disk that forgets. Whatever was not forced may be lost in any
 * part by a power cut: bytes by {@link Handle#force}, names by {@link #forceDirectory}.
 */
public interface FileLayer {
    /** Opens a file for reading and writing, and makes it when it is absent. */
    Handle open(Path file) throws IOException;

    /** Replaces {@code to} in one step. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file or an empty directory. Absent is fine. */
    void delete(Path path) throws IOException;

    /** What is in a directory; empty when it is absent. */
    List<Path> list(Path dir) throws IOException;

    /** Makes a directory and those above it. Present is fine. */
    void makeDirectory(Path dir) throws IOException;

    /** Makes durable which names a directory holds. */
    void forceDirectory(Path dir) throws IOException;

    /** Keeps other processes out until closed; fails when another one holds the file. */
    Closeable lock(Path file) throws IOException;

    /** One open file; any thread may use it. */
    interface Handle extends Closeable {
        /** Reads until {@code into} is full or the file ends, and says how many bytes. */
        int read(long position, ByteBuffer into) throws IOException;

        /** Writes all of {@code from}; without room it throws {@link StoreFullException}. */
        void write(long position, ByteBuffer from) throws IOException;

        /** Makes every write and resize that returned before durable. */
        void force() throws IOException;

        long size() throws IOException;

        /** Cuts the file, or lengthens it by a hole. */
        void resize(long sizeBytes) throws IOException;

        @Override void close() throws IOException;
    }
}
