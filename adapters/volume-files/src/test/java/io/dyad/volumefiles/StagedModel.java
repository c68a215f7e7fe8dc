package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.replication.Staged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a staged layer may hold after a stop: what was flushed and not written again, and nothing that was never written. */
final class StagedModel {
    private final Map<Integer, Integer> now = new HashMap<>();
    /** For blocks written since the last flush: what may be found instead; -1 for nothing. */
    private final Map<Integer, Set<Integer>> possible = new HashMap<>();

    Map<Integer, Integer> blocks() { return now; }

    void put(Staged layer, int block, int stamp) throws IOException {
        possible.computeIfAbsent(block, b -> new HashSet<>(List.of(now.getOrDefault(b, -1), -1))).add(stamp);
        long at = (long) block * BLOCK_BYTES;
        if (stamp == 0) layer.zero(at, BLOCK_BYTES);
        else layer.write(at, Sectors.fill(ByteBuffer.allocate(BLOCK_BYTES), block, stamp).flip());
        now.put(block, stamp);
    }

    void flushed() { possible.clear(); }

    /** What stands above the given content. */
    int[] over(int[] content) {
        int[] all = content.clone();
        now.forEach((block, stamp) -> {
            for (int i = block * Sectors.PER_BLOCK; i < (block + 1) * Sectors.PER_BLOCK; i++) all[i] = stamp;
        });
        return all;
    }

    void compare(Staged layer, int[] below, int first) throws IOException {
        assertThat(Sectors.read(layer, first)).as("the staged layer over the stack").isEqualTo(over(below));
        for (int block = first; block < below.length / Sectors.PER_BLOCK; block++) assertThat(filled(layer, block)).isEqualTo(now.containsKey(block));
    }

    private static boolean filled(Staged layer, int block) throws IOException {
        long at = (long) block * BLOCK_BYTES;
        return layer.filledAt(at, at + BLOCK_BYTES).allocated();
    }

    /** Takes over what a restart found. */
    void reopened(Staged layer, int first) throws IOException {
        int[] found = Sectors.read(layer, first);
        for (int block = first; block < layer.sizeBytes() / BLOCK_BYTES; block++) {
            int stamp = filled(layer, block) ? found[block * Sectors.PER_BLOCK] : -1;
            Set<Integer> legal = possible.getOrDefault(block, Set.of(now.getOrDefault(block, -1)));
            assertThat(legal).as("staged block %d", block).contains(stamp);
            if (stamp < 0) now.remove(block);
            else now.put(block, stamp);
        }
        possible.clear();
    }

    /** A restart may have found it, or must, or must not. */
    static void checkPresence(Optional<Staged> found, boolean before, boolean after) {
        assertThat(found.isPresent()).as("a staged layer is there").isIn(before, after);
    }
}
