package io.dyad.volumefiles;

import static io.dyad.volumefiles.LayerMap.LEAF_BLOCKS;

import io.dyad.replication.Blocks;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Corrects the entries of regions that were being written when a volume was last left without a close. Only the layers from
 * the active one up took writes. Below it everything was durable when its snapshot was taken, and what does not match there is
 * damage; but for blocks that a fold was copying down, which the layer above still hides.
 */
final class Recovery {
    private final Layer[] stack;
    private final int active;
    private final FileLayerStack pins;

    Recovery(Layer[] stack, int active, FileLayerStack pins) {
        this.stack = stack;
        this.active = active;
        this.pins = pins;
    }

    void run(List<RecentEntries.Entries> recent, BitSet doubts, long sizeBytes) throws IOException {
        long blocks = sizeBytes / Blocks.BLOCK_BYTES;
        for (int i = Math.max(active, 1); i < stack.length; i++) restore(stack[i], recent, blocks);
        for (int region = doubts.nextSetBit(0); region >= 0; region = doubts.nextSetBit(region + 1)) {
            long first = (long) region * LEAF_BLOCKS;
            long count = Math.min(LEAF_BLOCKS, blocks - first);
            for (int i = 0; i < stack.length; i++) {
                if (i >= active) stack[i].recompute(first, count);
                else recomputeHidden(i, first, first + count);
            }
        }
        for (Layer layer : stack) layer.bringToDisk();
    }

    /** Each block takes the newest entry that its bytes bear out, for a write may have been recorded and not done. */
    private static void restore(Layer layer, List<RecentEntries.Entries> recent, long blocks) throws IOException {
        Set<Long> done = new HashSet<>();
        for (RecentEntries.Entries entries : recent.reversed()) {
            if (entries.layer() != layer.number) continue;
            for (int i = 0; i < entries.count() && entries.block() + i < blocks; i++) {
                long block = entries.block() + i;
                if (!done.contains(block) && layer.restore(block, entries.entry(i))) done.add(block);
            }
        }
    }

    private void recomputeHidden(int index, long first, long end) throws IOException {
        int top = index;
        while (!pins.pinned(stack[top + 1])) top++;
        for (long block = first; block < end && top > index; block++) {
            if (hidden(index, top, block)) stack[index].recompute(block, 1);
        }
    }

    private boolean hidden(int index, int top, long block) throws IOException {
        for (int i = index + 1; i <= top; i++) {
            if (stack[i].map.get(block) != Entry.ABSENT) return true;
        }
        return false;
    }
}
