package io.dyad.peerlink.packing;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * How many crossed blocks all pipes of a process together may keep, in each direction, and the memory they are kept in. Each pipe
 * gets half of what is left: the first ones most, none waits. Memory that one pipe has given back waits for the next. Any thread.
 */
public final class HeldBudget {
    private static final int LEAST_BLOCKS = KeptBlocks.PAGE_BLOCKS;
    private static final int PAGE_BYTES = KeptBlocks.PAGE_BLOCKS * Packing.BLOCK_BYTES;
    private static final int MOST_IDLE_PAGES = KeptBlocks.MOST / KeptBlocks.PAGE_BLOCKS;
    private final Deque<ByteBuffer> idle = new ArrayDeque<>();
    private int left;

    public HeldBudget(int blocks) { left = blocks; }

    /** How many blocks a new pipe may keep; it gives as many back when it ends. */
    public synchronized int take() {
        int share = Math.min(left / 2, KeptBlocks.MOST);
        if (share < LEAST_BLOCKS) return 0;
        left -= share;
        return share;
    }

    public synchronized void giveBack(int blocks) { left += blocks; }

    synchronized ByteBuffer page() {
        ByteBuffer pooled = idle.poll();
        return pooled != null ? pooled : ByteBuffer.allocateDirect(PAGE_BYTES);
    }

    synchronized void giveBack(Collection<ByteBuffer> pages) {
        for (ByteBuffer page : pages) if (idle.size() < MOST_IDLE_PAGES) idle.push(page);
    }
}
