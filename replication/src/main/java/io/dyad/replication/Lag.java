package io.dyad.replication;

import io.dyad.replication.WriteRing.Entry;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the peer may lack: the cut that is being shipped or the one that was broken off, then what has changed up to each
 * snapshot that waits, then what has changed since, then the writes in the ring. A write is always in one of them. The
 * volume's lock guards it; only {@link #seq} is read without.
 */
final class Lag {
    private final WriteRing ring;
    private Differing since;
    private Interrupted interrupted;
    private final SnapshotQueue queue;
    private @Nullable Cut shipping;
    private volatile long seq;

    Lag(RingBudget budget, Mark mark) {
        this.ring = new WriteRing(budget);
        this.since = mark.since().copy();
        this.interrupted = mark.interrupted().copy();
        this.queue = mark.queue().copy();
    }

    long seq() { return seq; }

    /** What has changed since the cut that was broken off, or since the common point. */
    Differing since() { return since; }

    Interrupted interrupted() { return interrupted; }

    SnapshotQueue queue() { return queue; }

    /** A snapshot of all up to now was taken that is to be on the peer. */
    void snapshot(UUID name) {
        queue.add(name, seq, ring.recording() ? new Differing() : since);
        if (!ring.recording()) since = new Differing();
    }

    boolean recording() { return ring.recording(); }

    /** The target lacks something that no write of this life made: it has a number too. Not while the ring records. */
    void behind() { seq++; }

    /** At most so many bytes are to be shipped. */
    long bytes() { return ring.heldBytes() + Blocks.BLOCK_BYTES * (unshared() + (shipping == null ? 0 : shipping.blocksLeft())); }

    boolean hasRoom(int bytes) { return ring.recording() && ring.hasRoom(bytes); }

    @Nullable Entry entry(long wanted) { return ring.at(wanted); }

    /** A write has reached the disk: it gets the next number. */
    void wrote(long offsetBytes, ByteBuffer piece) {
        seq++;
        if (ring.recording()) ring.append(seq, offsetBytes, piece);
        if (!ring.recording()) since.mark(offsetBytes, piece.remaining());
    }

    void zeroed(long offsetBytes, long lengthBytes) {
        seq++;
        if (ring.recording()) ring.appendZeroes(seq, offsetBytes, lengthBytes);
        if (!ring.recording()) since.mark(offsetBytes, lengthBytes);
    }

    /** A write failed half-way: whatever is there now, the peer may lack it. */
    void failed(long offsetBytes, long lengthBytes) {
        ring.overflow();
        since.mark(offsetBytes, lengthBytes);
    }

    /** The epoch that was broken off will not be gone on with: what it lacked counts with the rest. */
    void giveUp() {
        queue.addTo(since);
        queue.clear();
        since.add(interrupted.lacks());
        interrupted = Interrupted.none();
    }

    /** The peer may lack this as well. */
    void lacks(Differing more) { since.add(more); }

    /** The peer has committed this epoch: if it is the one that was broken off, the peer lacks none of it. */
    void committed(long epoch) {
        if (interrupted.epoch() == epoch) interrupted = Interrupted.none();
    }

    /** A cut of everything the peer lacks; what is good in its stage need not come again. From here the ring records. */
    Cut cut(LayerStack.Frozen view, Cut.Plan plan) {
        stopRecording();
        if (!queue.isEmpty()) throw new IllegalStateException("a snapshot waits to be shipped first");
        Cut cut = cut(view, plan, since, seq);
        since = new Differing();
        ring.restart(seq);
        return cut;
    }

    /** A cut of the first snapshot that waits, whose content {@code view} is. Later writes are marked in what has changed since. */
    Cut cutSnapshot(LayerStack.Frozen view, Cut.Plan plan) {
        stopRecording();
        SnapshotQueue.Waiting first = queue.first().orElseThrow();
        Differing changed = first.changed();
        if (!first.tracked()) {
            DirtyMap everything = new DirtyMap();
            everything.mark(0, view.sizeBytes());
            changed.doubt(everything);
        }
        queue.taken(first);
        return cut(view, plan, changed, first.seq());
    }

    private Cut cut(LayerStack.Frozen view, Cut.Plan plan, Differing changed, long upTo) {
        Cut.Stage stage = plan.stage();
        DirtyMap good = new DirtyMap();
        if (stage.number() > 0 && stage.number() == interrupted.stage()) {
            good.add(stage.blocks());
            good.remove(interrupted.stale());
            good.remove(changed.known());
            good.remove(changed.doubt());
        } else changed.doubt(stage.blocks());                // whose it is, is not known here any more: compare
        Differing lacks = changed.copy();
        lacks.add(interrupted.lacks());
        Cut cut = new Cut(upTo, view, plan, lacks, good);
        interrupted = Interrupted.none();
        shipping = cut;
        return cut;
    }

    /** The peer holds this snapshot, and so all that was before it. */
    void arrived(UUID name) { queue.arrived(name); }

    /** The peer has committed the cut, or what it lacks of it is remembered. */
    void release(Cut cut, boolean shipped) {
        shipping = null;
        if (!shipped) interrupted = cut.broken();
        else if (cut.snapshot().isPresent()) {
            SnapshotQueue.Waiting first = queue.first().orElseThrow();
            if (!first.tracked()) queue.afterFirst(since).doubt(cut.lacks().known());   // now an older content lies there
            queue.arrived(first.name());
        }
    }

    void durableUpTo(long durableSeq) { ring.forgetUpTo(durableSeq); }

    /** What the peer lacks is in the maps alone, but for a cut under way. */
    void stopRecording() {
        ring.each(e -> queue.holder(e.seq(), since).mark(e.offsetBytes(), e.lengthBytes()));
        ring.stop();
    }

    /** The peer lacks nothing, or there is none. */
    void forget() {
        queue.clear();
        since = new Differing();
        interrupted = Interrupted.none();
    }

    /** Blocks that this end may hold alone, apart from what is on its way. */
    long unshared() { return since.isEmpty() && interrupted.isNone() && queue.isEmpty() ? 0 : everything().count(); }

    boolean isEmpty() { return shipping == null && interrupted.isNone() && queue.isEmpty() && since.isEmpty() && ring.isEmpty(); }

    private Differing everything() {
        Differing all = since.copy();
        all.add(interrupted.lacks());
        queue.addTo(all);
        return all;
    }

    Differing all() {
        Differing all = everything();
        ring.each(e -> all.mark(e.offsetBytes(), e.lengthBytes()));
        if (shipping != null) all.add(shipping.lacks());
        return all;
    }
}
