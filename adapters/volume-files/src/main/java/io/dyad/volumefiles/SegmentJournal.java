package io.dyad.volumefiles;

import io.dyad.replication.Journal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in one segment file at a time. {@link #reset} is the durable appearance of the next, empty segment: the valid one
 * with the highest number is the journal, whatever else is left.
 * <pre>
 *  segment: header 16 | batch | batch | …
 *  batch:   0        4         8          16        20 … 20+length
 *           | magic  | length  | lastSeq  | CRC32C  | payload … | end mark 4 |
 * </pre>
 * The CRC covers the 16 bytes before it and the payload. Opening cuts the file behind the last whole batch and forces
 * it, so what is handed over stays; a failed append cuts it likewise, so that no leftover can be taken for a batch.
 */
final class SegmentJournal implements Journal, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentJournal.class);
    private static final String PREFIX = "journal-";
    private static final int BATCH_MAGIC = 0x44594A42;
    private static final int END_MARK = 0x454E4442;
    private static final int HEAD_BYTES = 20;

    private final FileLayer files;
    private final Path dir;
    private long number;
    private FileLayer.Handle file;
    private long endBytes = FileFormat.HEADER_BYTES;
    private long foundEndBytes = FileFormat.HEADER_BYTES;
    private long lastSeq = Long.MIN_VALUE;
    private boolean broken;

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
        for (Path path : files.list(dir)) {
            String name = path.getFileName().toString();
            if (owns(name) && numberOf(name) != newest) files.delete(path);
        }
        files.forceDirectory(dir);
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
        FileFormat.JOURNAL.check(path, file);
        endBytes = scan(file.size(), (seq, batch) -> lastSeq = seq);
        foundEndBytes = endBytes;
        long rest = file.size() - endBytes;
        if (rest > 0) {
            LOG.warn("{}: {} bytes behind the last whole batch are dropped", path, rest);
            file.resize(endBytes);
        }
        file.force();
    }

    /** Reads batches up to {@code limit} and returns where the last whole one ends. */
    private long scan(long limit, Reader reader) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        ByteBuffer body = ByteBuffer.allocate(0);
        long at = FileFormat.HEADER_BYTES;
        long previous = Long.MIN_VALUE;
        while (at + HEAD_BYTES + Integer.BYTES <= limit) {
            file.read(at, head.clear());
            int length = head.getInt(4);
            long seq = head.getLong(8);
            boolean fits = length >= 0 && at + HEAD_BYTES + length + Integer.BYTES <= limit;
            if (head.getInt(0) != BATCH_MAGIC || !fits || seq <= previous) break;
            if (body.capacity() < length + Integer.BYTES) body = ByteBuffer.allocate(length + Integer.BYTES);
            file.read(at + HEAD_BYTES, body.clear().limit(length + Integer.BYTES));
            if (body.getInt(length) != END_MARK || head.getInt(16) != checksum(head, body.position(0).limit(length))) break;
            reader.batch(seq, body.slice(0, length).asReadOnlyBuffer());
            previous = seq;
            at += HEAD_BYTES + length + Integer.BYTES;
        }
        return at;
    }

    private static int checksum(ByteBuffer head, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(head.array(), 0, 16);
        crc.update(payload);
        return (int) crc.getValue();
    }

    @Override public void append(long seq, ByteBuffer batch) throws IOException {
        check();
        if (seq <= lastSeq) throw new IllegalArgumentException("batch " + seq + " does not follow " + lastSeq);
        int length = batch.remaining();
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).putInt(BATCH_MAGIC).putInt(length).putLong(seq);
        head.putInt(checksum(head, batch.duplicate())).flip();
        try {
            file.write(endBytes, head);
            file.write(endBytes + HEAD_BYTES, batch);
            file.write(endBytes + HEAD_BYTES + length, ByteBuffer.allocate(Integer.BYTES).putInt(END_MARK).flip());
        } catch (IOException e) {
            decisive(() -> file.resize(endBytes));
            throw e;
        }
        endBytes += HEAD_BYTES + length + Integer.BYTES;
        lastSeq = seq;
    }

    @Override public void force() throws IOException {
        check();
        decisive(() -> file.force());
    }

    @Override public void replay(Reader reader) throws IOException {
        check();
        long reached = scan(foundEndBytes, reader);
        if (reached != foundEndBytes) throw new IOException("the journal is damaged at byte " + reached + " of " + foundEndBytes);
    }

    @Override public void reset() throws IOException {
        check();
        if (endBytes == FileFormat.HEADER_BYTES) return;
        FileLayer.Handle next = drafted(files, dir.resolve(PREFIX + (number + 1)));
        decisive(() -> publish(next));
        file.close();
        file = next;
        number++;
        endBytes = FileFormat.HEADER_BYTES;
        foundEndBytes = endBytes;
        lastSeq = Long.MIN_VALUE;
        files.delete(dir.resolve(PREFIX + (number - 1)));
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
