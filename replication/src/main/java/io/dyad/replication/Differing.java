package io.dyad.replication;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Where two ends may not be the same: blocks known to differ, and apart from them blocks in doubt, which digests are asked
 * of before any of them is shipped. A block is in one of the two at most. Not safe for several threads; its owner's lock is.
 */
record Differing(DirtyMap known, DirtyMap doubt) {
    Differing() { this(new DirtyMap(), new DirtyMap()); }

    static Differing ofKnown(DirtyMap known) { return new Differing(known, new DirtyMap()); }

    /** The range has been written: it differs. */
    void mark(long offsetBytes, long lengthBytes) {
        known.mark(offsetBytes, lengthBytes);
        if (!doubt.isEmpty()) doubt.clear(offsetBytes - offsetBytes % Blocks.BLOCK_BYTES, lengthBytes + offsetBytes % Blocks.BLOCK_BYTES + Blocks.BLOCK_BYTES - 1);
    }

    /** Whole blocks that count elsewhere. */
    void clear(long offsetBytes, long lengthBytes) {
        known.clear(offsetBytes, lengthBytes);
        doubt.clear(offsetBytes, lengthBytes);
    }

    /** Nobody knows of these. */
    void doubt(DirtyMap blocks) {
        doubt.add(blocks);
        doubt.remove(known);
    }

    /** What was known of these counts no more: digests tell. */
    void distrust(DirtyMap blocks) {
        known.remove(blocks);
        doubt.add(blocks);
    }

    void know(DirtyMap blocks) {
        known.add(blocks);
        doubt.remove(blocks);
    }

    void add(Differing other) {
        known.add(other.known);
        doubt.add(other.doubt);
        doubt.remove(known);
    }

    void remove(DirtyMap blocks) {
        known.remove(blocks);
        doubt.remove(blocks);
    }

    /** All of them, known or in doubt. */
    DirtyMap all() {
        DirtyMap all = known.copy();
        all.add(doubt);
        return all;
    }

    boolean isEmpty() { return known.isEmpty() && doubt.isEmpty(); }

    long count() { return known.count() + doubt.count(); }

    Differing copy() { return new Differing(known.copy(), doubt.copy()); }

    void write(DataOutputStream out) throws IOException {
        known.write(out);
        doubt.write(out);
    }

    static Differing read(DataInputStream in) throws IOException { return new Differing(DirtyMap.read(in), DirtyMap.read(in)); }
}
