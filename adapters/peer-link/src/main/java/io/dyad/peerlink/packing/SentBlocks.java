package io.dyad.peerlink.packing;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which blocks the other end still keeps, and in which slot. One thread. */
final class SentBlocks {
    static final int NOT_KEPT = -1;
    private final @Nullable BlockHash[] bySlot;
    private final Map<BlockHash, Integer> slots = new HashMap<>();
    private long sent;

    /** {@code kept}: how many the other end keeps; 0 is none. */
    SentBlocks(int kept) { bySlot = new BlockHash[kept]; }

    boolean any() { return bySlot.length > 0; }

    int slotOf(BlockHash hash) { return slots.getOrDefault(hash, NOT_KEPT); }

    /** The block crosses as it is, and takes the place of the oldest. */
    void send(BlockHash hash) {
        int slot = (int) (sent++ % bySlot.length);
        BlockHash oldest = bySlot[slot];
        if (oldest != null) slots.remove(oldest);
        bySlot[slot] = hash;
        slots.put(hash, slot);
    }
}
