package io.dyad.eventstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file {@code DIR/lock}: held, it says that a log is open here; its text is a position that was durable when it was written.
 * H2's own lock does not tell two logs in one process apart, this one does.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String NAME = "lock";
    /** Far behind the text, so that readers may read it where locks are mandatory. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) { this.channel = channel; }

    static DirectoryLock take(Path dir) {
        try {
            Files.createDirectories(dir);
            var channel = FileChannel.open(dir.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (held(channel)) return new DirectoryLock(channel);
            channel.close();
            throw new IllegalStateException(dir + " is in use by another Dyad");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + dir, e);
        }
    }

    private static boolean held(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Notes a durable position for {@link #noted}; needs no fsync, for an older one does no harm. */
    void note(long position) throws IOException {
        channel.write(ByteBuffer.wrap(String.format("%019d%n", position).getBytes(StandardCharsets.US_ASCII)), 0);
    }

    /** A position that the log in this directory has reached for certain; 0 where nothing is noted. */
    static long noted(Path dir) throws IOException {
        Path file = dir.resolve(NAME);
        String text = Files.exists(file) ? Files.readString(file, StandardCharsets.US_ASCII).strip() : "";
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    @Override public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
