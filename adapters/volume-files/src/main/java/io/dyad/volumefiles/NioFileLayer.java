package io.dyad.volumefiles;

import io.dyad.replication.StoreFullException;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.Stream;

/** Files of the operating system. Only so many are open at a time: one not used for a while is closed and opened again when it is needed. */
final class NioFileLayer implements FileLayer {
    private static final int MOST_OPEN = 1000;
    private final int mostOpen;
    private final ArrayDeque<NioFile> open = new ArrayDeque<>();

    NioFileLayer() { this(MOST_OPEN); }

    NioFileLayer(int mostOpen) { this.mostOpen = mostOpen; }

    @Override public Handle open(Path file) throws IOException {
        NioFile opened = new NioFile(file);
        admit(opened);
        return opened;
    }

    /** How many files are open now. */
    int openFiles() {
        synchronized (open) {
            return open.size();
        }
    }

    private void admit(NioFile opened) throws IOException {
        NioFile idle = null;
        synchronized (open) {
            open.addLast(opened);
            for (int looks = 2 * mostOpen; open.size() > mostOpen && looks > 0 && idle == null; looks--) {
                NioFile oldest = open.removeFirst();
                if (!oldest.used) idle = oldest;
                else open.addLast(oldest);
                oldest.used = false;
            }
        }
        if (idle != null) idle.rest();
    }

    private void forget(NioFile closed) {
        synchronized (open) {
            open.remove(closed);
        }
    }

    @Override public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override public void delete(Path path) throws IOException { Files.deleteIfExists(path); }

    @Override public List<Path> list(Path dir) throws IOException {
        try (Stream<Path> entries = Files.list(dir)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException absent) {
            return List.of();
        }
    }

    @Override public void makeDirectory(Path dir) throws IOException { Files.createDirectories(dir); }

    @Override public void forceDirectory(Path dir) throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override public Closeable lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) return channel;
        } catch (OverlappingFileLockException heldInThisProcess) {
            // falls through to the refusal below
        }
        channel.close();
        throw new IOException(file.toAbsolutePath().getParent() + " is in use by another process");
    }

    /** No room gets its own type; Java tells it from other failures by its words only. */
    static IOException explained(IOException e) {
        String why = String.valueOf(e.getMessage());
        boolean full = why.contains("No space left on device") || why.contains("Disk quota exceeded");
        return full ? new StoreFullException(why, e) : e;
    }

    /** A file whose channel comes back after an interrupt: Java closes a channel when a thread in it is interrupted. */
    private final class NioFile implements Handle {
        private final Path path;
        private volatile FileChannel channel;
        private boolean closed;
        /** Set at each use, taken away when room for another file is looked for. */
        private boolean used = true;

        NioFile(Path path) throws IOException {
            this.path = path;
            this.channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        }

        @Override public int read(long position, ByteBuffer into) throws IOException {
            int start = into.position();
            while (into.hasRemaining()) {
                long at = position + into.position() - start;
                if (retried(c -> c.read(into, at)) < 0) break;
            }
            return into.position() - start;
        }

        @Override public void write(long position, ByteBuffer from) throws IOException {
            int start = from.position();
            while (from.hasRemaining()) {
                long at = position + from.position() - start;
                retried(c -> c.write(from, at));
            }
        }

        @Override public void force() throws IOException {
            try {
                retried(c -> {
                    c.force(false);
                    return 0;
                });
            } catch (StoreFullException late) {
                throw new IOException("a sync failed, and nobody knows what it left: " + late.getMessage(), late);
            }
        }

        @Override public long size() throws IOException { return retried(FileChannel::size).longValue(); }

        @Override public void resize(long sizeBytes) throws IOException {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(sizeBytes);
            } catch (IOException e) {
                throw explained(e);
            }
        }

        private interface Call<T> {
            T on(FileChannel channel) throws IOException;
        }

        private <T> T retried(Call<T> call) throws IOException {
            boolean interrupted = false;
            try {
                if (!used) used = true;
                while (true) {
                    FileChannel current = channel;
                    try {
                        return call.on(current);
                    } catch (ClosedByInterruptException mine) {
                        interrupted |= Thread.interrupted();
                        reopen(current);
                    } catch (ClosedChannelException another) {
                        reopen(current);
                    } catch (IOException e) {
                        throw explained(e);
                    }
                }
            } finally {
                if (interrupted) Thread.currentThread().interrupt();
            }
        }

        private void reopen(FileChannel seen) throws IOException {
            if (!reopened(seen)) return;
            forget(this);
            admit(this);
        }

        private synchronized boolean reopened(FileChannel seen) throws IOException {
            if (closed) throw new ClosedChannelException();
            if (channel != seen) return false;
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return true;
        }

        /** Whoever is in the middle of a call finds the channel closed and opens it again. */
        private synchronized void rest() throws IOException { channel.close(); }

        @Override public void close() throws IOException {
            synchronized (this) {
                closed = true;
                channel.close();
            }
            forget(this);
        }
    }
}
