package io.dyad.peerlink.packing;

import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Which blocks the other end still keeps, and in which slot. A checksum finds the one that may be the same, its bytes tell: whoever
 * writes blocks of one checksum on purpose gains nothing but speed lost. One thread.
 */
final class SentBlocks {
    static final int NOT_KEPT = -1;
    private final KeptBlocks kept;
    private final int[] checksumBySlot;
    private final Map<Integer, Integer> slots = new HashMap<>();
    private final CRC32C crc = new CRC32C();

    /** {@code most}: how many both ends keep; 0 is none. */
    SentBlocks(int most, HeldBudget budget) {
        kept = new KeptBlocks(most, budget);
        checksumBySlot = new int[most];
    }

    boolean any() { return kept.any(); }

    /** The slot of this very block; where the other end does not keep it, it crosses now and takes the place of the oldest. */
    int slotOrSent(byte[] bytes, int at) {
        crc.reset();
        crc.update(bytes, at, Packing.BLOCK_BYTES);
        int checksum = (int) crc.getValue();
        int slot = slots.getOrDefault(checksum, NOT_KEPT);
        if (slot != NOT_KEPT && kept.same(slot, bytes, at)) return slot;
        send(checksum, bytes, at);
        return NOT_KEPT;
    }

    private void send(int checksum, byte[] bytes, int at) {
        int slot = kept.keep(bytes, at);
        slots.remove(checksumBySlot[slot], slot);
        checksumBySlot[slot] = checksum;
        slots.put(checksum, slot);
    }

    void end() {
        kept.end();
        slots.clear();
    }
}
