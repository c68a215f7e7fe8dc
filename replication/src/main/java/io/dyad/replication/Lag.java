package io.dyad.replication;

import io.dyad.replication.WriteRing.Entry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the peer may lack: the cut that is being shipped or the one that was broken off, then what has changed up to each
 * snapshot that waits, then what has changed since, then the writes in the ring. A write is always in one of them; those that
 * were sent and not answered for when their session ended stand apart, until the peer says which of them it holds. The
 * volume's lock guards it; only {@link #seq} and {@link #recording} are read without.
 */
final class Lag {
    private final WriteRing ring;
    private Differing since;
    private Interrupted interrupted;
    private final SnapshotQueue queue;
    private Unanswered unanswered = Unanswered.none();
    private @Nullable Cut shipping;
    /** The epoch behind which the ring records, and the last of its writes that was sent. */
    private long streamEpoch;
    private long sentSeq;
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

    /** A snapshot of all up to now was taken that is to be on the peer. Even while the ring records there may be what the last epoch has left out. */
    void snapshot(UUID name) {
        queue.add(name, seq, since);
        since = new Differing();
    }

    boolean recording() { return ring.recording(); }

    /** The target lacks something that no write of this life made: it has a number too. Not while the ring records. */
    void behind() { seq++; }

    /** At most so many bytes are to be shipped. */
    long bytes() { return ring.heldBytes() + Blocks.BLOCK_BYTES * (unshared() + (shipping == null ? 0 : shipping.blocksLeft())); }

    boolean hasRoom(int bytes) { return ring.recording() && ring.hasRoom(bytes); }

    /** What comes behind a write in the stream: the snapshot that stands there, or writes. */
    record Due(Optional<UUID> snapshot, WriteRing.Run writes) { }

    /** What comes behind write {@code seq}, when {@code ahead} snapshots have been sent that have not arrived. */
    Due due(long seq, int ahead) {
        Optional<UUID> snapshot = queue.due(seq, ahead);
        return new Due(snapshot, snapshot.isPresent() ? WriteRing.Run.NONE : ring.from(seq + 1, queue.lastBefore(ahead)));
    }

    /** Everything up to that write is being sent now. */
    void sending(long lastSeq) {
        sentSeq = lastSeq;
    }

    /** A write has reached the disk: it gets the next number. */
    void wrote(long offsetBytes, ByteBuffer piece) {
        seq++;
        if (ring.recording()) ring.append(seq, offsetBytes, piece);
        changed(offsetBytes, piece.remaining());
    }

    void zeroed(long offsetBytes, long lengthBytes) {
        seq++;
        if (ring.recording()) ring.appendZeroes(seq, offsetBytes, lengthBytes);
        changed(offsetBytes, lengthBytes);
    }

    /** What the ring has taken in is there alone. */
    private void changed(long offsetBytes, long lengthBytes) {
        if (!ring.recording()) since.mark(offsetBytes, lengthBytes);
        else if (!since.isEmpty()) since.clear(offsetBytes, lengthBytes);
    }

    /** A write failed half-way: what is there now is in doubt. */
    void failed(long offsetBytes, long lengthBytes) {
        ring.overflow();
        DirtyMap blocks = new DirtyMap();
        blocks.mark(offsetBytes, lengthBytes);
        since.doubt(blocks);
    }

    /** The epoch that was broken off will not be gone on with, and whether the peer has committed it will not be heard: digests tell. */
    void giveUp() {
        doubtUnanswered();
        queue.addTo(since);
        queue.clear();
        since.doubt(interrupted.lacks().all());
        interrupted = Interrupted.none();
    }

    /** The peer may lack this as well, and must have it before the first snapshot that waits. */
    void lacks(Differing more) { queue.firstOr(since).add(more); }

    /** Nothing is shared with the peer any more: the snapshots that wait are to be compared whole, up to the first whose changes were tracked, and this what comes after them. */
    void sharesNothing(Differing all) {
        queue.distrustFirst();
        since.add(all);
    }

    /**
     * The peer says where it stands. If that is the epoch that was broken off, it lacks none of it, nor of the stream before it,
     * which came first. If it is where the stream began, it lacks what came behind its point. Returns the last write that it
     * turns out to hold; 0 for none.
     */
    long heard(Mark.Point point) {
        if (!interrupted.isNone() && interrupted.epoch() == point.epoch()) {
            interrupted = Interrupted.none();
            unanswered = Unanswered.none();
        }
        if (unanswered.isNone() || unanswered.epoch() != point.epoch()) {
            doubtUnanswered();
            return 0;
        }
        for (Entry w : unanswered.writes()) {
            if (w.seq() > point.seq()) queue.holder(w.seq(), since).mark(w.offsetBytes(), w.lengthBytes());
            else if (queue.doubtBefore(w)) queue.holder(w.seq(), since).doubt(w.blocks());
        }
        long held = Math.min(point.seq(), unanswered.lastSeq());
        unanswered = Unanswered.none();
        return held;
    }

    /** Which of the sent writes the peer holds will not be heard in this life: digests tell. */
    void doubtUnanswered() {
        for (Entry w : unanswered.writes()) {
            queue.doubtBefore(w);
            queue.holder(w.seq(), since).doubt(w.blocks());
        }
        unanswered = Unanswered.none();
    }

    /** A cut of everything the peer lacks; what is good in its stage need not come again. From here the ring records. */
    Cut cut(LayerStack.Frozen view, Cut.Plan plan) {
        stopRecording();
        if (!queue.isEmpty()) throw new IllegalStateException("a snapshot waits to be shipped first");
        Cut cut = cut(view, plan, since, seq);
        since = new Differing();
        ring.restart(seq);
        streamEpoch = plan.epoch();
        sentSeq = seq;
        return cut;
    }

    /** A cut of the first snapshot that waits, whose content {@code view} is, of a volume that may have grown since. Later writes are marked in what has changed since. */
    Cut cutSnapshot(LayerStack.Frozen view, Cut.Plan plan, long sizeBytes) {
        stopRecording();
        SnapshotQueue.Waiting first = queue.first().orElseThrow();
        Differing changed = first.changed();
        if (!first.tracked()) {
            DirtyMap older = changed.all();
            older.add(interrupted.lacks().all());
            queue.doubtAfterFirst(older, since);         // what settles it here settles nothing for what comes after
            DirtyMap everything = new DirtyMap();
            everything.mark(0, sizeBytes);
            everything.add(since.all());                 // a larger target may hold more
            changed.distrust(everything);                // what differs from newer content need not differ from this
            interrupted = interrupted.doubted();
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
        DirtyMap unshipped = cut.unreadable();           // also when it is only heard later that the peer has committed the rest
        long next = queue.lastBefore(0);
        ring.each((number, offset, length, data) -> {
            if (number <= next) unshipped.clear(offset, length);
        });
        queue.firstOr(since).doubt(unshipped);
        if (!shipped) {
            interrupted = leavesOlder(cut) ? cut.broken().doubted() : cut.broken();
            return;
        }
        unanswered = Unanswered.none();                  // sent before the epoch, and so taken in before it
        if (cut.snapshot().isPresent()) {
            queue.arrived(cut.snapshot().get());
        }
    }

    /**
     * Where this cut was shipped an older content lies on the peer, or is staged there: when nobody kept track of what has changed
     * since that snapshot, all that comes after it is in doubt. True when so.
     */
    boolean leavesOlder(Cut cut) {
        boolean untracked = cut.snapshot().isPresent() && queue.first().filter(w -> w.name().equals(cut.snapshot().get()) && !w.tracked()).isPresent();
        if (untracked) queue.doubtAfterFirst(cut.shipped(), since);
        return untracked;
    }

    void durableUpTo(long durableSeq) { ring.forgetUpTo(durableSeq); }

    /** What the peer lacks is in the maps alone, but for a cut under way and what was sent. */
    void stopRecording() {
        List<Entry> sent = new ArrayList<>();
        ring.each((number, offset, length, data) -> {
            if (number <= sentSeq) sent.add(new Entry(number, offset, length));
            else queue.holder(number, since).mark(offset, length);
        });
        ring.stop();
        if (sent.isEmpty()) return;
        doubtUnanswered();
        unanswered = new Unanswered(streamEpoch, sent);
    }

    /** The peer lacks nothing, or there is none. */
    void forget() {
        queue.clear();
        since = new Differing();
        interrupted = Interrupted.none();
        unanswered = Unanswered.none();
    }

    /** Blocks that this end may hold alone, apart from what is on its way. */
    long unshared() { return mapsAreEmpty() ? 0 : everything().count(); }

    boolean isEmpty() { return shipping == null && mapsAreEmpty() && ring.isEmpty(); }

    private boolean mapsAreEmpty() { return since.isEmpty() && interrupted.isNone() && queue.isEmpty() && unanswered.isNone(); }

    private Differing everything() {
        Differing all = since.copy();
        all.add(interrupted.lacks());
        queue.addTo(all);
        unanswered.writes().forEach(w -> all.mark(w.offsetBytes(), w.lengthBytes()));
        return all;
    }

    Differing all() {
        Differing all = everything();
        ring.each((number, offset, length, data) -> all.mark(offset, length));
        if (shipping != null) all.add(shipping.lacks());
        return all;
    }
}
