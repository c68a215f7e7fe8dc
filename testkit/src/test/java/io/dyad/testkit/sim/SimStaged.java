package io.dyad.testkit.sim;

import java.util.BitSet;
import java.util.Optional;
import java.util.Random;

/** A staged layer as the disk holds it: what it says of each block now, and what it said when it was last flushed. */
final class SimStaged {
    /** Which blocks the layer speaks of, and what it says where that is not zero. */
    private record Fill(BitSet filled, BlockTable data) {
        Fill copy() { return new Fill((BitSet) filled.clone(), data.copy()); }
    }

    private Fill now = new Fill(new BitSet(), new BlockTable());
    private Fill durable = now.copy();
    private boolean everFlushed;
    /** Spoken of since the last flush. */
    private final BitSet touched = new BitSet();

    BitSet filled() { return now.filled; }

    Content get(int block) { return now.data.get(block); }

    /** What the layer would still say of a block after a power cut, if it would speak of it. */
    Optional<Content> durably(int block) { return durable.filled.get(block) ? Optional.of(durable.data.get(block)) : Optional.empty(); }

    void put(int block, Content content) {
        now.filled.set(block);
        now.data.put(block, content);
        touched.set(block);
    }

    void zero(int first, int end) {
        for (int block = now.data.nextPresent(first, end); block < end; block = now.data.nextPresent(block + 1, end)) now.data.put(block, Content.ZERO);
        now.filled.set(first, end);
        touched.set(first, end);
    }

    void flush() {
        durable = now.copy();
        touched.clear();
        everFlushed = true;
    }

    /** What an orderly close leaves: what was flushed and nothing else. False: nothing at all. */
    boolean closed() {
        now = durable.copy();
        touched.clear();
        return everFlushed;
    }

    /** What is found after a crash: of what came after the last flush, any part. False: nothing at all. */
    boolean crashed(Random dice) {
        if (!everFlushed && dice.nextBoolean()) return false;
        for (int first = touched.nextSetBit(0); first >= 0; ) {
            int run = touched.nextClearBit(first) - first;
            int end = first + 1 + dice.nextInt(Math.max(1, run / 2));
            if (dice.nextBoolean()) for (int block = first; block < end; block++) revert(block);
            first = touched.nextSetBit(end);
        }
        flush();
        return true;
    }

    private void revert(int block) {
        now.filled.set(block, durable.filled.get(block));
        now.data.put(block, durable.data.get(block));
    }

    SimStaged copy() {
        SimStaged copy = new SimStaged();
        copy.now = now.copy();
        copy.durable = durable.copy();
        copy.everFlushed = everFlushed;
        copy.touched.or(touched);
        return copy;
    }
}
