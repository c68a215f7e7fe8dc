package io.dyad.volumefiles;

import io.dyad.replication.Journal;
import io.dyad.replication.StoreFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in one segment file at a time. {@link #reset} is the durable appearance of the next, empty segment: the valid one
 * with the highest number is the journal, whatever else is left. A segment is a header, padded to 512 bytes, and batches, see
 * {@link JournalBatch}.
 *
 * <p>Opening cuts the file behind the last whole batch and forces it, so what is handed over stays; a failed append cuts it
 * likewise, so that no leftover can be taken for a batch. Where what follows was whole once, the file stays as it is until the
 * reset, so that the journal says it is {@link #damaged} at every opening.
 *
 * <p>Where batches are small the file is made longer ahead of them, with zeroes: a force then brings bytes to the disk and
 * nothing about the file itself.
 */
final class SegmentJournal implements Journal, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentJournal.class);
    private static final String PREFIX = "journal-";
    private static final int AHEAD_BYTES = 1 << 20;
    private static final int SMALL_BYTES = 64 << 10;

    private final FileLayer files;
    private final Path dir;
    private long number;
    private FileLayer.Handle file;
    private long endBytes = JournalBatch.ALIGNED_BYTES;
    /** Up to here the file has been written, with batches or zeroes. */
    private long writtenBytes = JournalBatch.ALIGNED_BYTES;
    private long foundEndBytes = JournalBatch.ALIGNED_BYTES;
    private long lastSeq = Long.MIN_VALUE;
    private volatile boolean broken;
    private boolean damaged;
    /** No segment is given up while a force of it is under way. */
    private final ReentrantLock forcing = new ReentrantLock();

    private SegmentJournal(FileLayer files, Path dir, long number, FileLayer.Handle file) {
        this.files = files;
        this.dir = dir;
        this.number = number;
        this.file = file;
    }

    static boolean owns(String name) { return name.matches(PREFIX + "\\d+"); }

    /** Finds the journal in a volume's directory; without one it begins. */
    static SegmentJournal open(FileLayer files, Path dir) throws IOException {
        long newest = -1;
        for (Path path : files.list(dir)) {
            String name = path.getFileName().toString();
            if (owns(name) && began(files, path)) newest = Math.max(newest, numberOf(name));
        }
        boolean dropped = false;
        for (Path path : files.list(dir)) {
            String name = path.getFileName().toString();
            if (!owns(name) || numberOf(name) == newest) continue;
            files.delete(path);
            dropped = true;
        }
        if (dropped) files.forceDirectory(dir);
        Path path = dir.resolve(PREFIX + Math.max(0, newest));
        FileLayer.Handle file = newest < 0 ? drafted(files, path) : files.open(path);
        SegmentJournal journal = new SegmentJournal(files, dir, Math.max(0, newest), file);
        try {
            if (newest < 0) journal.publish(file);
            else journal.recover(path);
            return journal;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** A segment whose header did not reach the disk was never begun; a header that is there but wrong is refused later. */
    private static boolean began(FileLayer files, Path path) throws IOException {
        try (FileLayer.Handle file = files.open(path)) {
            ByteBuffer header = ByteBuffer.allocate(FileFormat.HEADER_BYTES);
            return file.read(0, header) == FileFormat.HEADER_BYTES && header.getLong(0) != 0;
        }
    }

    private static FileLayer.Handle drafted(FileLayer files, Path path) throws IOException {
        FileLayer.Handle file = files.open(path);
        try {
            file.resize(0);
            file.write(0, FileFormat.JOURNAL.header());
            return file;
        } catch (IOException e) {
            file.close();
            files.delete(path);
            throw e;
        }
    }

    private void publish(FileLayer.Handle next) throws IOException {
        next.force();
        files.forceDirectory(dir);
    }

    private void recover(Path path) throws IOException {
        int version = FileFormat.JOURNAL.check(path, file);
        long size = file.size();
        if (version == 1 && size > FileFormat.HEADER_BYTES) {
            throw new IOException(path + " has format version 1 and is not empty; open and close the volume once with the release that wrote it");
        }
        endBytes = scan(size, (seq, batch) -> lastSeq = seq);
        foundEndBytes = endBytes;
        writtenBytes = endBytes;
        if (version == 1) file.write(0, FileFormat.JOURNAL.header());
        else if (size <= JournalBatch.ALIGNED_BYTES) return;
        damaged = size > endBytes && JournalBatch.at(file, endBytes, size) == JournalBatch.Found.DAMAGED;
        if (damaged) LOG.error("{}: the batch at byte {} of {} is damaged; it and what follows is not applied", path, endBytes, size);
        else if (size > endBytes) file.resize(endBytes);
        file.force();
    }

    /** Reads batches up to {@code limit} and returns where the last whole one ends. */
    private long scan(long limit, Reader reader) throws IOException {
        long at = JournalBatch.ALIGNED_BYTES;
        long previous = Long.MIN_VALUE;
        while (true) {
            JournalBatch batch = JournalBatch.read(file, at, limit);
            if (batch == null || batch.seq() <= previous) return at;
            reader.batch(batch.seq(), batch.payload());
            previous = batch.seq();
            at += batch.extentBytes();
        }
    }

    @Override public boolean damaged() { return damaged; }

    @Override public void append(long seq, ByteBuffer batch) throws IOException {
        check();
        if (damaged) throw new IllegalStateException("a damaged journal is reset before it goes on");
        if (seq <= lastSeq) throw new IllegalArgumentException("batch " + seq + " does not follow " + lastSeq);
        int length = batch.remaining();
        try {
            goAhead(JournalBatch.extentBytes(length));
            JournalBatch.write(file, endBytes, seq, batch);
        } catch (IOException e) {
            decisive(() -> {
                writtenBytes = endBytes;
                file.resize(endBytes);
                file.force();
            });
            throw e;
        }
        endBytes += JournalBatch.extentBytes(length);
        lastSeq = seq;
    }

    private void goAhead(long extentBytes) throws IOException {
        if (endBytes + extentBytes <= writtenBytes) return;
        writtenBytes = endBytes + extentBytes;
        if (extentBytes > SMALL_BYTES) return;
        try {
            file.write(endBytes, Zeroes.of(AHEAD_BYTES));
            writtenBytes = endBytes + AHEAD_BYTES;
        } catch (StoreFullException noRoomAhead) {
            LOG.debug("no room to make the journal longer than its batches", noRoomAhead);
        }
    }

    @Override public void force() throws IOException {
        forcing.lock();
        try {
            check();
            decisive(() -> file.force());
        } finally {
            forcing.unlock();
        }
    }

    @Override public void replay(Reader reader) throws IOException {
        check();
        long reached = scan(foundEndBytes, reader);
        if (reached != foundEndBytes) throw new IOException("the journal is damaged at byte " + reached + " of " + foundEndBytes);
    }

    @Override public void reset() throws IOException {
        check();
        if (endBytes == JournalBatch.ALIGNED_BYTES && !damaged) return;
        FileLayer.Handle next = drafted(files, dir.resolve(PREFIX + (number + 1)));
        decisive(() -> publish(next));
        begin(next);
        number++;
        endBytes = JournalBatch.ALIGNED_BYTES;
        writtenBytes = endBytes;
        foundEndBytes = endBytes;
        lastSeq = Long.MIN_VALUE;
        damaged = false;
        files.delete(dir.resolve(PREFIX + (number - 1)));
    }

    private void begin(FileLayer.Handle next) throws IOException {
        forcing.lock();
        try {
            file.close();
            file = next;
        } finally {
            forcing.unlock();
        }
    }

    @Override public void close() throws IOException { file.close(); }

    private void check() throws IOException {
        if (broken) throw new IOException("the journal stopped: the disk failed to keep its word");
    }

    private void decisive(FileVolume.Decisive step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            broken = true;
            throw e;
        }
    }

    private static long numberOf(String name) { return Long.parseLong(name.substring(PREFIX.length())); }
}
