package io.dyad.replication;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory of all rings of a process, lent in chunks. A ring may hold its fair share of the chunks and always one; the
 * share counts one ring more than hold any, so that a newcomer finds room. Memory is made when first lent and kept for the
 * next. Safe for any thread.
 */
public final class RingBudget {
    public static final long DEFAULT_BYTES = 256L << 20;
    /** The longest write that a ring takes; longer ones of hosts are cut. */
    static final int PIECE_BYTES = 256 << 10;
    private static final int FEWEST_CHUNKS = 4;
    private final int chunkBytes;
    private final int chunks;
    private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private int lent;
    private int holders;

    /** A budget of {@code bytes} of data, at least four blocks; chunks are 256 KiB, in a tiny budget a quarter of it. Headers come on top. */
    public RingBudget(long bytes) {
        long part = bytes / FEWEST_CHUNKS / Blocks.BLOCK_BYTES * Blocks.BLOCK_BYTES;
        this.chunkBytes = Math.clamp(part, Blocks.BLOCK_BYTES, PIECE_BYTES);
        this.chunks = Math.toIntExact(Math.max(FEWEST_CHUNKS, bytes / chunkBytes));
    }

    /** What fits into one chunk, even block by block; a multiple of the block. */
    int chunkBytes() { return chunkBytes; }

    /** Bytes on loan now. */
    public long lentBytes() {
        lock.lock();
        try {
            return (long) lent * chunkBytes;
        } finally {
            lock.unlock();
        }
    }

    /** One more chunk for a ring that holds {@code held}; empty when that would be more than its share, or all are lent. */
    Optional<ByteBuffer> take(int held) {
        lock.lock();
        try {
            if (!allows(held)) return Optional.empty();
            if (held == 0) holders++;
            lent++;
            ByteBuffer kept = idle.poll();
            return Optional.of(kept != null ? kept : ByteBuffer.allocateDirect(chunkBytes + chunkBytes / Blocks.BLOCK_BYTES * Writes.HEADER_BYTES));
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #take} would lend one now. */
    boolean spares(int held) {
        lock.lock();
        try {
            return allows(held);
        } finally {
            lock.unlock();
        }
    }

    private boolean allows(int held) {
        int sharers = held == 0 ? holders + 2 : holders + 1;
        return lent < chunks && held < Math.max(1, chunks / sharers);
    }

    /** A chunk comes back from a ring that still holds {@code left}. */
    void giveBack(ByteBuffer chunk, int left) {
        lock.lock();
        try {
            lent--;
            if (left == 0) holders--;
            idle.push(chunk.clear());
        } finally {
            lock.unlock();
        }
    }
}
