package io.dyad.testkit.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Which block holds what; an absent block reads as zeroes. A copy costs next to nothing: the two share what neither has changed since. */
final class BlockTable {
    private static final int LEAF = 256;

    /** Blocks of a run of the table; whoever is not its owner copies it before a change. */
    private record Leaf(Object owner, @Nullable Content[] blocks) { }

    private @Nullable Leaf[] leaves;
    private Object owner = new Object();

    BlockTable() { this(new Leaf[0]); }

    private BlockTable(@Nullable Leaf[] leaves) { this.leaves = leaves; }

    BlockTable copy() {
        owner = new Object();
        return new BlockTable(leaves.clone());
    }

    /** What is there, or null. */
    @Nullable Content at(int block) {
        Leaf leaf = block / LEAF < leaves.length ? leaves[block / LEAF] : null;
        return leaf == null ? null : leaf.blocks[block % LEAF];
    }

    /** What reads see. */
    Content get(int block) {
        Content there = at(block);
        return there == null ? Content.ZERO : there;
    }

    /** Puts a block; {@link Content#ZERO} takes it away. */
    void put(int block, Content content) {
        if (content == Content.ZERO) {
            if (at(block) != null) mine(block).blocks[block % LEAF] = null;
        } else mine(block).blocks[block % LEAF] = content;
    }

    private Leaf mine(int block) {
        int index = block / LEAF;
        if (index >= leaves.length) leaves = Arrays.copyOf(leaves, index + 1);
        Leaf leaf = leaves[index];
        if (leaf == null) leaf = new Leaf(owner, new Content[LEAF]);
        else if (leaf.owner != owner) leaf = new Leaf(owner, leaf.blocks.clone());
        leaves[index] = leaf;
        return leaf;
    }

    /** The first block from {@code from} on that is there, or {@code end}. */
    int nextPresent(int from, int end) {
        for (int block = from; block < end; block++) {
            int index = block / LEAF;
            if (index >= leaves.length) return end;
            if (leaves[index] == null) block = index * LEAF + LEAF - 1;
            else if (at(block) != null) return block;
        }
        return end;
    }

    /** The first block from {@code from} on that is absent, or {@code end}. */
    int nextAbsent(int from, int end) {
        int block = from;
        while (block < end && at(block) != null) block++;
        return block;
    }

    void each(ObjIntConsumer<Content> to) {
        int end = leaves.length * LEAF;
        for (int block = nextPresent(0, end); block < end; block = nextPresent(block + 1, end)) to.accept(get(block), block);
    }

    void read(long offsetBytes, ByteBuffer into) {
        for (int block = (int) (offsetBytes / Content.BYTES); into.hasRemaining(); block++) into.put(get(block).bytes());
    }

    /** The same bytes in every block. */
    boolean same(BlockTable other) { return differing(other).isEmpty(); }

    /** The blocks that are not the same in the other. */
    BitSet differing(BlockTable other) {
        BitSet differing = new BitSet();
        for (int i = 0; i < Math.max(leaves.length, other.leaves.length); i++) {
            Leaf one = i < leaves.length ? leaves[i] : null;
            Leaf two = i < other.leaves.length ? other.leaves[i] : null;
            if (one == two) continue;
            for (int block = i * LEAF; block < (i + 1) * LEAF; block++) if (get(block).print() != other.get(block).print()) differing.set(block);
        }
        return differing;
    }

    int count() {
        int[] count = {0};
        each((content, block) -> count[0]++);
        return count[0];
    }

    /** Every block that is there. */
    NavigableMap<Integer, byte[]> blocks() {
        NavigableMap<Integer, byte[]> blocks = new TreeMap<>();
        each((content, block) -> blocks.put(block, content.bytes()));
        return blocks;
    }

    /** The fingerprint of every block that is not zero. */
    Map<Integer, Long> prints() {
        Map<Integer, Long> prints = new HashMap<>();
        each((content, block) -> {
            if (content.print() != 0) prints.put(block, content.print());
        });
        return prints;
    }
}
