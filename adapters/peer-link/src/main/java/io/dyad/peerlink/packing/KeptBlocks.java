package io.dyad.peerlink.packing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The last blocks that crossed in one direction. Both ends keep the same, so that a slot names a block: it is the block's number
 * modulo the blocks kept. Memory is taken as they come. One thread.
 */
final class KeptBlocks {
    /** 128 MiB. */
    static final int MOST = 1 << 15;
    static final int PAGE_BLOCKS = 256;
    private final int most;
    private final HeldBudget budget;
    private final List<ByteBuffer> pages = new ArrayList<>();
    private long crossed;

    KeptBlocks(int most, HeldBudget budget) {
        this.most = most;
        this.budget = budget;
    }

    boolean any() { return most > 0; }

    /** The block's slot, from now on; another block may have been there. Some are kept. */
    int keep(byte[] bytes, int at) {
        int slot = (int) (crossed++ % most);
        if (slot == pages.size() * PAGE_BLOCKS) pages.add(budget.page());
        page(slot).put(offset(slot), bytes, at, Packing.BLOCK_BYTES);
        return slot;
    }

    boolean has(int slot) { return slot >= 0 && slot < Math.min(crossed, most); }

    void copy(int slot, byte[] into, int at) { page(slot).get(offset(slot), into, at, Packing.BLOCK_BYTES); }

    boolean same(int slot, byte[] bytes, int at) {
        return page(slot).slice(offset(slot), Packing.BLOCK_BYTES).equals(ByteBuffer.wrap(bytes, at, Packing.BLOCK_BYTES));
    }

    /** Forgets all and lets others have the memory. */
    void end() {
        crossed = 0;
        budget.giveBack(pages);
        pages.clear();
    }

    private ByteBuffer page(int slot) { return pages.get(slot / PAGE_BLOCKS); }

    private static int offset(int slot) { return slot % PAGE_BLOCKS * Packing.BLOCK_BYTES; }
}
