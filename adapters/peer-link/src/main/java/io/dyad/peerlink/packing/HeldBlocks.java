package io.dyad.peerlink.packing;

import io.dyad.replication.BadFrameException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The blocks this end keeps of what it received, for the other to refer to. Memory is taken as they come. One thread. */
final class HeldBlocks {
    /** 128 MiB. */
    static final int MOST = 1 << 15;
    private static final int PAGE_BLOCKS = 256;
    private final int kept;
    private final List<ByteBuffer> pages = new ArrayList<>();
    private final BlockHash.Maker hashes = new BlockHash.Maker();
    private long received;

    HeldBlocks(int kept) { this.kept = kept; }

    void keep(byte[] bytes, int at) {
        if (kept == 0) return;
        int slot = (int) (received++ % kept);
        if (slot == pages.size() * PAGE_BLOCKS) pages.add(ByteBuffer.allocateDirect(Math.min(PAGE_BLOCKS, kept - slot) * Packing.BLOCK_BYTES));
        pages.get(slot / PAGE_BLOCKS).put(slot % PAGE_BLOCKS * Packing.BLOCK_BYTES, bytes, at, Packing.BLOCK_BYTES);
    }

    /** Copies the block in that slot, which must be the one with that hash. */
    void copy(int slot, BlockHash hash, byte[] into, int at) throws BadFrameException {
        if (slot < 0 || slot >= Math.min(received, kept)) throw new BadFrameException("block " + slot + " is not kept");
        pages.get(slot / PAGE_BLOCKS).get(slot % PAGE_BLOCKS * Packing.BLOCK_BYTES, into, at, Packing.BLOCK_BYTES);
        if (!hashes.of(into, at).equals(hash)) throw new BadFrameException("block " + slot + " is kept with another content");
    }
}
