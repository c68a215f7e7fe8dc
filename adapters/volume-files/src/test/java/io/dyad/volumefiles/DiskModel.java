package io.dyad.volumefiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a volume may hold: for every sector its stamp now, and the stamps that a power cut or a kill may leave. */
final class DiskModel {
    private int[] now;
    private final Map<Integer, Set<Integer>> afterPower = new HashMap<>();
    private final Map<Integer, Set<Integer>> afterKill = new HashMap<>();
    private BitSet dirty = new BitSet();
    private BitSet unflushed = new BitSet();
    private BitSet needed = new BitSet();
    private int growingTo;
    private int mark;
    private int nextMark;
    private Map<Integer, Integer> coming = Map.of();

    DiskModel(int blocks) {
        this.now = new int[blocks * Sectors.PER_BLOCK];
        this.growingTo = blocks;
    }

    int blocks() { return now.length / Sectors.PER_BLOCK; }

    int[] now() { return now.clone(); }

    int mark() { return mark; }

    BitSet dirty() { return dirty; }

    void changing(int first, int count, int stamp) {
        for (int i = first * Sectors.PER_BLOCK; i < (first + count) * Sectors.PER_BLOCK; i++) {
            afterPower.computeIfAbsent(i, this::only).add(stamp);
            afterKill.computeIfAbsent(i, this::only).add(stamp);
        }
    }

    void changed(int first, int count, int stamp) {
        for (int i = first * Sectors.PER_BLOCK; i < (first + count) * Sectors.PER_BLOCK; i++) {
            if (now[i] != 0 || stamp != 0) dirtied(i);
            now[i] = stamp;
            afterKill.remove(i);
        }
    }

    private void dirtied(int sector) {
        dirty.set(sector / Sectors.PER_BLOCK / LayerMap.LEAF_BLOCKS);
        unflushed.set(sector / Sectors.PER_BLOCK / LayerMap.LEAF_BLOCKS);
    }

    private Set<Integer> only(int sector) { return new HashSet<>(Set.of(now[sector])); }

    void flushed() {
        afterPower.clear();
        afterKill.clear();
        unflushed = new BitSet();
    }

    /** What runs next may sync for its own sake; then intents may be settled without a flush. */
    void mayFlush() { unflushed = new BitSet(); }

    /** From the call on, intents outside {@code keep} may go. */
    void settling(BitSet keep) {
        needed = (BitSet) keep.clone();
        BitSet stay = (BitSet) keep.clone();
        stay.or(unflushed);
        dirty.and(stay);
    }

    void closing() { dirty.and(needed); }

    void growing(int blocks) { growingTo = blocks; }

    void grown(int blocks) { now = Arrays.copyOf(now, blocks * Sectors.PER_BLOCK); }

    /** A mark is coming, and blocks with it. */
    void marking(int number, Map<Integer, Integer> blocks) {
        nextMark = number;
        coming = Map.copyOf(blocks);
    }

    void marked() {
        mark = nextMark;
        coming.forEach((block, stamp) -> {
            for (int i = block * Sectors.PER_BLOCK; i < (block + 1) * Sectors.PER_BLOCK; i++) {
                now[i] = stamp;
                afterPower.remove(i);
                afterKill.remove(i);
            }
        });
        coming = Map.of();
    }

    /** What is found after a crash has to be possible; it is certain from then on. */
    void reopened(boolean power, long blocks, int foundMark, int[] found) {
        assertThat(blocks).as("size").isIn((long) blocks(), (long) growingTo);
        grown((int) blocks);
        assertThat(foundMark).as("mark").isIn(mark, nextMark);
        if (foundMark != mark) marked();
        Map<Integer, Set<Integer>> possible = power ? afterPower : afterKill;
        for (int i = 0; i < found.length; i++) {
            Set<Integer> stamps = possible.getOrDefault(i, Set.of(now[i]));
            if (!stamps.contains(found[i])) throw new AssertionError("sector " + i + " holds " + found[i] + ", not of " + stamps);
        }
        now = found;
        growingTo = (int) blocks;
        nextMark = mark;
        coming = Map.of();
        needed = new BitSet();
        flushed();
    }
}
