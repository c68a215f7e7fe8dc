package io.dyad.eventstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A disk whose power fails: {@code lossy:/DIR/events.mv.db}. From the chosen operation on every operation fails; of the 4 KiB pieces
 * written since the last force any subset survives.
 */
public final class LossyFiles extends FilePathWrapper {
    private static final int PIECE = 4096;
    private static final Map<Path, Disk> DISKS = new ConcurrentHashMap<>();

    static void register() { FilePath.register(new LossyFiles()); }

    /** The disk that holds a directory's files; its power fails at the given operation. */
    static Disk disk(Path dir, int failsAtOperation) {
        var disk = new Disk(failsAtOperation);
        DISKS.put(dir.toAbsolutePath(), disk);
        return disk;
    }

    @Override public String getScheme() { return "lossy"; }

    @Override public FileChannel open(String mode) throws IOException {
        Path file = Path.of(getBase().toString());
        Disk disk = DISKS.get(file.getParent());
        if (disk == null) throw new IOException("no disk for " + file);
        var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        disk.files.computeIfAbsent(file, f -> new ArrayList<>());
        return new Lossy(file, channel, disk);
    }

    /** What happened to a range of a file since the last force: {@code before} of it, {@code after} it; the sizes of the file around it. */
    private record Change(long at, byte[] before, byte[] after, long sizeBefore, long sizeAfter) { }

    static final class Disk {
        private final Map<Path, List<Change>> files = new ConcurrentHashMap<>();
        private final int failsAtOperation;
        private int operations;

        private Disk(int failsAtOperation) { this.failsAtOperation = failsAtOperation; }

        private synchronized void operate() throws IOException {
            if (++operations >= failsAtOperation) throw new IOException("the power has failed");
        }

        /** The power fails now. */
        synchronized void fail() { operations = failsAtOperation; }

        /** Writes what survives to another directory: what was forced, and by chance some of the rest. */
        synchronized void survivors(Path to, Random chance) throws IOException {
            fail();
            Files.createDirectories(to);
            for (var entry : files.entrySet()) {
                Path file = to.resolve(entry.getKey().getFileName());
                Files.copy(entry.getKey(), file);
                try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    for (Change change : entry.getValue().reversed()) restore(channel, change.at, change.before, change.sizeBefore);
                    for (Change change : entry.getValue()) if (chance.nextBoolean()) redo(channel, change, chance);
                }
            }
        }

        private static void restore(FileChannel channel, long at, byte[] bytes, long size) throws IOException {
            channel.write(ByteBuffer.wrap(bytes), at);
            if (channel.size() > size) channel.truncate(size);
        }

        private static void redo(FileChannel channel, Change change, Random chance) throws IOException {
            if (change.sizeAfter < change.sizeBefore) channel.truncate(Math.min(channel.size(), change.sizeAfter));
            boolean whole = chance.nextBoolean();
            for (int from = 0; from < change.after.length; from += PIECE) {
                int length = Math.min(PIECE, change.after.length - from);
                if (whole || chance.nextBoolean()) channel.write(ByteBuffer.wrap(change.after, from, length), change.at + from);
            }
        }
    }

    private static final class Lossy extends FileBaseDefault {
        private final Path file;
        private final FileChannel channel;
        private final Disk disk;

        Lossy(Path file, FileChannel channel, Disk disk) {
            this.file = file;
            this.channel = channel;
            this.disk = disk;
        }

        private List<Change> changes() { return disk.files.getOrDefault(file, List.of()); }

        private byte[] content(long at, long size) throws IOException {
            var bytes = ByteBuffer.allocate((int) Math.clamp(channel.size() - at, 0, size));
            channel.read(bytes, at);
            return Arrays.copyOf(bytes.array(), bytes.position());
        }

        @Override public int read(ByteBuffer into, long at) throws IOException { return channel.read(into, at); }

        @Override public int write(ByteBuffer from, long at) throws IOException {
            synchronized (disk) {
                disk.operate();
                var after = new byte[from.remaining()];
                from.get(after);
                long size = channel.size();
                changes().add(new Change(at, content(at, after.length), after, size, Math.max(size, at + after.length)));
                return channel.write(ByteBuffer.wrap(after), at);
            }
        }

        @Override protected void implTruncate(long to) throws IOException {
            synchronized (disk) {
                disk.operate();
                long size = channel.size();
                if (to < size) changes().add(new Change(to, content(to, size - to), new byte[0], size, to));
                channel.truncate(Math.min(to, size));
            }
        }

        @Override public void force(boolean metaData) throws IOException {
            synchronized (disk) {
                disk.operate();
                changes().clear();
            }
        }

        @Override public long size() throws IOException { return channel.size(); }

        @Override public FileLock tryLock(long position, long size, boolean shared) {
            return new FileLock(this, position, size, shared) {
                @Override public boolean isValid() { return true; }

                @Override public void release() { }
            };
        }

        @Override protected void implCloseChannel() throws IOException { channel.close(); }
    }
}
