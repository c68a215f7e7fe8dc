package io.dyad.replication;

import io.dyad.replication.WriteRing.Entry;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the peer may lack: the writes in the ring, the cut that is being shipped, and the dirty map for all else. A write is
 * always in one of the three. The volume's lock guards it; only {@link #seq} is read without.
 */
final class Lag {
    /** What an epoch ships. {@code blocks} shrinks as they arrive durably. */
    record Cut(long seq, LayerStack.Frozen view, DirtyMap blocks) { }

    private final WriteRing ring;
    private DirtyMap dirty;
    private @Nullable Cut shipping;
    private volatile long seq;

    Lag(RingBudget budget, DirtyMap dirty) {
        this.ring = new WriteRing(budget);
        this.dirty = dirty;
    }

    long seq() { return seq; }

    DirtyMap dirty() { return dirty; }

    boolean recording() { return ring.recording(); }

    /** The target lacks something that no write of this life made: it has a number too. Not while the ring records. */
    void behind() { seq++; }

    /** At most so many bytes are to be shipped. */
    long bytes() { return ring.heldBytes() + Blocks.BLOCK_BYTES * (dirty.count() + (shipping == null ? 0 : shipping.blocks().count())); }

    boolean hasRoom(int bytes) { return ring.recording() && ring.hasRoom(bytes); }

    @Nullable Entry entry(long wanted) { return ring.at(wanted); }

    /** A write has reached the disk: it gets the next number. */
    void wrote(long offsetBytes, ByteBuffer piece) {
        seq++;
        if (ring.recording()) ring.append(seq, offsetBytes, piece);
        if (!ring.recording()) dirty.mark(offsetBytes, piece.remaining());
    }

    void zeroed(long offsetBytes, long lengthBytes) {
        seq++;
        if (ring.recording()) ring.appendZeroes(seq, offsetBytes, lengthBytes);
        if (!ring.recording()) dirty.mark(offsetBytes, lengthBytes);
    }

    /** A write failed half-way: whatever is there now, the peer may lack it. */
    void doubt(long offsetBytes, long lengthBytes) {
        ring.overflow();
        dirty.mark(offsetBytes, lengthBytes);
    }

    void lacks(DirtyMap more) { dirty.add(more); }

    Cut cut(LayerStack.Frozen view) {
        ring.drainTo(dirty);
        Cut cut = new Cut(seq, view, dirty);
        dirty = new DirtyMap();
        ring.restart(seq);
        shipping = cut;
        return cut;
    }

    void release(Cut cut, boolean shipped) {
        if (!shipped) dirty.add(cut.blocks());
        shipping = null;
    }

    void durableUpTo(long durableSeq) { ring.forgetUpTo(durableSeq); }

    /** What the peer lacks is in the dirty map alone, but for a cut under way. */
    void stopRecording() { ring.drainTo(dirty); }

    /** The peer lacks nothing, or there is none. */
    void forget() { dirty = new DirtyMap(); }

    boolean isEmpty() { return shipping == null && dirty.isEmpty() && ring.isEmpty(); }

    DirtyMap all() {
        DirtyMap all = dirty.copy();
        ring.markIn(all);
        if (shipping != null) all.add(shipping.blocks());
        return all;
    }
}
