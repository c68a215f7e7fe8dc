package io.dyad.cli.history;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/**
 * Records what a host does, in the order in which it does it (docs/history.md). A line is with the operating system before the
 * method returns: record an issue before the request leaves, an answer after it came. Safe for any thread.
 */
public final class HistoryWriter implements AutoCloseable {
    private final OutputStream out;
    private final Path file;
    private final History past;
    private final int[] last;
    private final long startNs = System.nanoTime();
    private long id;

    private HistoryWriter(Path file, History past, OutputStream out) {
        this.file = file;
        this.past = past;
        this.last = past.last();
        this.out = out;
    }

    /**
     * Begins a history of writes within the first {@code blocks} blocks of a disk.
     *
     * @param id unlike that of any other history: the writes of two are told apart by it
     * @param zero whether these blocks read as zeroes now; otherwise a block that carries no stamp counts as not yet written
     */
    public static HistoryWriter create(Path file, long id, int blocks, boolean zero) throws IOException {
        HistoryWriter history = new HistoryWriter(file, new History(blocks, zero), Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        history.line("dyad-history 1 blocks " + blocks + " start " + (zero ? "zero" : "unknown"));
        history.stampWith(id);
        return history;
    }

    /** Goes on with a history whose host is gone; what it writes carries {@code newId}. */
    public static HistoryWriter resume(Path file, long newId) throws IOException {
        cutUnfinishedLine(file);
        HistoryWriter history = new HistoryWriter(file, HistoryReader.read(file), Files.newOutputStream(file, StandardOpenOption.APPEND));
        history.lost();
        history.stampWith(newId);
        return history;
    }

    private static void cutUnfinishedLine(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = channel.size();
            for (ByteBuffer last = ByteBuffer.allocate(1); end > 0; end--) {
                if (channel.read(last.clear(), end - 1) == 1 && last.get(0) == '\n') break;
            }
            channel.truncate(end);
        }
    }

    /** A second history with the same past, for a host that goes on from here on another disk. */
    public synchronized HistoryWriter fork(Path copy, long newId) throws IOException {
        Files.copy(file, copy);
        return resume(copy, newId);
    }

    private void stampWith(long stampId) {
        id = stampId;
        past.stampsWith(stampId);
        line("id %016x".formatted(stampId));
    }

    public int blocks() { return past.blocks; }

    public Path file() { return file; }

    /** A write is about to leave; its number. Blocks that another write in flight touches are nobody's promise: leave them out. */
    public synchronized int issue(int firstBlock, int count, boolean durable) {
        past.issued(0, firstBlock, count, durable);
        int issued = past.writes();
        Arrays.fill(last, firstBlock, firstBlock + count, issued);
        line("write " + issued + " " + firstBlock + " " + count + " " + micros() + (durable ? " durable" : ""));
        return issued;
    }

    synchronized Stamp stamp(int write, int block) { return new Stamp(id, write, block); }

    /** The write was answered well. */
    public synchronized void done(int write) { line("done " + write + " " + micros()); }

    /** A flush is about to leave: it covers every write that is done. */
    public synchronized void flush(int flush) { line("flush " + flush + " " + micros()); }

    public synchronized void flushed(int flush) { line("flushed " + flush + " " + micros()); }

    /** Nothing that is in flight will be answered, or take effect, any more. */
    public synchronized void lost() { line("lost " + micros()); }

    /**
     * Every block ever written was read, and flushed after that, while nothing was in flight.
     *
     * @param moved on another disk than before, or one that was set back: all that was flushed may be missing, after some prefix
     * @param others blocks that hold another write than the last one, with the number of what they hold, 0 for none
     */
    public synchronized void looked(boolean moved, Map<Integer, Integer> others) {
        var text = new StringBuilder("looked ").append(micros());
        if (moved) text.append(" moved");
        others.forEach((block, held) -> {
            last[block] = held;
            text.append("\nholds ").append(block).append(' ').append(held);
        });
        line(text.append("\nseen ").append(others.size()).toString());
    }

    /** What it recorded, for the host's own thread. */
    History past() { return past; }

    /** The last write of a block that took effect as far as the host knows; 0 for none. */
    synchronized int last(int block) { return last[block]; }

    private long micros() { return (System.nanoTime() - startNs) / 1000; }

    private void line(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written: " + e.getMessage(), e);
        }
    }

    @Override public synchronized void close() throws IOException { out.close(); }
}
