package io.dyad.cli.history;

import io.dyad.nbd.NbdDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Recorded writes of one host to one disk, a number of them in flight together, never two to one block. Owned by one thread. */
final class Window {
    static final int MAX_BLOCKS = 16;
    private record Run(int first, int end) { }

    private final NbdDisk disk;
    private final HistoryWriter history;
    private final int depth;
    private final ByteBuffer data = ByteBuffer.allocate(MAX_BLOCKS * Stamp.BLOCK_BYTES);
    private final Map<Long, Run> flying = new HashMap<>();
    private final BitSet busy = new BitSet();
    private int flushes;
    private long written;
    private long writtenBytes;

    Window(NbdDisk disk, HistoryWriter history, int depth) {
        this.disk = disk;
        this.history = history;
        this.depth = depth;
    }

    /** Writes answered so far. */
    long written() { return written; }

    long writtenBytes() { return writtenBytes; }

    boolean isFree(int first, int count) {
        int next = busy.nextSetBit(first);
        return next < 0 || next >= first + count;
    }

    /** Sends one write of free blocks; waits for answers while the window is full. */
    void write(int first, int count, boolean durable) throws IOException {
        room();
        int write = history.issue(first, count, durable);
        data.clear();
        for (int block = first; block < first + count; block++) history.stamp(write, block).putInto(data);
        flying.put((long) write, new Run(first, first + count));
        busy.set(first, first + count);
        disk.write(write, (long) first * Stamp.BLOCK_BYTES, data.flip(), durable);
    }

    /** Sends a flush, which covers what is answered by now. */
    void flush() throws IOException {
        room();
        int flush = ++flushes;
        history.flush(flush);
        flying.put((long) -flush, new Run(0, 0));
        disk.flush(-flush);
    }

    private void room() throws IOException {
        while (flying.size() >= depth) answer();
    }

    /** Waits for every answer. */
    void drain() throws IOException {
        while (!flying.isEmpty()) answer();
    }

    private void answer() throws IOException {
        long cookie = disk.answered();
        Run run = Objects.requireNonNull(flying.remove(cookie), "an answer to no request");
        if (cookie < 0) history.flushed((int) -cookie);
        else {
            history.done((int) cookie);
            busy.clear(run.first, run.end);
            written++;
            writtenBytes += (run.end - run.first) * (long) Stamp.BLOCK_BYTES;
        }
    }
}
