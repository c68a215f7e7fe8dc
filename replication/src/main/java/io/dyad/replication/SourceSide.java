package io.dyad.replication;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A volume as its session towards a target sees it: what is to be shipped, cut by cut and write by write, and what the target
 * turns out to hold. The session's owner thread calls it, and each call takes the volume's lock for a moment.
 */
final class SourceSide {
    private final Ledger ledger;
    private final VolumeLock lock;
    private final Lag lag;
    private final StoredVolume store;
    private final Synchrony synchrony;
    private final Bell bell;
    /** Snapshots that are damaged here, as far as shipping them has shown, with the block of which the target holds no copy either. */
    private final Map<UUID, Long> damaged = new HashMap<>();
    private volatile boolean regained;

    SourceSide(Ledger ledger, StoredVolume store, Synchrony synchrony, Bell bell) {
        this.ledger = ledger;
        this.lock = ledger.lock();
        this.lag = ledger.lag();
        this.store = store;
        this.synchrony = synchrony;
        this.bell = bell;
    }

    /** The last write. */
    long seq() { return lag.seq(); }

    /** What is here now. */
    Blocks content() { return store.disk(); }

    // ---- what the target lacks ----

    /** Where the target stands: some of what it may lack turns out to be there. */
    void heard(Mark.Point point) {
        long held = lock.get(() -> lag.heard(point));
        if (held > 0) synchrony.madeDurable(held);
    }

    /** The target may lack this too. */
    void lacks(Differing more) { lock.run(() -> lag.lacks(more)); }

    /** Nothing is shared with the target: it may lack all of this. */
    void sharesNothing(Differing all) { lock.run(() -> lag.sharesNothing(all)); }

    /** True when the target lacks nothing, as far as this end knows. */
    boolean quiet() { return lock.get(lag::isEmpty); }

    // ---- snapshots ----

    /** Which snapshots are to be on the target and are not, oldest first; those that do not exist here, or are damaged, do not count. */
    void want(List<UUID> snapshots) { lock.run(() -> lag.queue().want(snapshots, whole(), lag.since())); }

    private Set<UUID> whole() {
        Set<UUID> whole = new HashSet<>(store.snapshots().names());
        whole.removeAll(damaged.keySet());
        return whole;
    }

    /** This snapshot is not to be on the target: a block of it is damaged. When that is {@link #mended}, or this process runs anew, it is tried again. */
    void leaveOut(UUID snapshot, long offsetBytes) { lock.run(() -> damaged.put(snapshot, offsetBytes)); }

    /** A block is whole again in every snapshot that held it. */
    void mended(long offsetBytes) {
        lock.run(() -> {
            if (damaged.values().removeIf(at -> at == offsetBytes)) regained = true;
        });
    }

    /** True once after a snapshot that was left out may be tried again; takes no lock. */
    boolean regained() {
        if (!regained) return false;
        regained = false;
        return true;
    }

    /** True when the queue lacks a snapshot that exists. */
    boolean misses(UUID snapshot) { return lock.get(() -> !lag.queue().contains(snapshot) && whole().contains(snapshot)); }

    /** The first snapshot that waits to be shipped; one that was deleted meanwhile waits no more. */
    Optional<UUID> waitingSnapshot() {
        return lock.get(() -> {
            if (!lag.queue().isEmpty()) lag.queue().keep(whole(), lag.since());
            return lag.queue().first().map(SnapshotQueue.Waiting::name);
        });
    }

    /** True when the stream has come to a snapshot that it cannot bring: one that holds what an epoch has left out. */
    boolean needsEpoch(long sentSeq) { return lock.get(() -> lag.queue().first().filter(w -> w.seq() <= sentSeq && !w.changed().isEmpty()).isPresent()); }

    /** The target holds this snapshot. */
    void arrived(UUID snapshot) { lock.run(() -> lag.arrived(snapshot)); }

    // ---- epochs ----

    /** A cut: what the target lacks at this moment, or up to a snapshot, readable as it was; what is good in its stage need not come again. */
    Cut cut(Cut.Plan plan) throws IOException {
        return lock.get(() -> plan.snapshot().isPresent() ? lag.cutSnapshot(store.snapshots().open(plan.snapshot().get()), plan, store.disk().sizeBytes())
            : lag.cut(store.layers().freeze(), plan));
    }

    /** Does something with a cut that hosts' writes must not meet. */
    void with(Runnable change) { lock.run(change::run); }

    /** All of the cut is sent: before the target makes it its content, what that leaves in doubt is remembered durably. */
    void sent(Cut cut) throws IOException {
        lock.run(() -> {
            if (lag.leavesOlder(cut)) ledger.save();
        });
    }

    /** The target has the cut, or what it lacks of it is remembered. */
    void release(Cut cut, boolean shipped) throws IOException {
        lock.run(() -> {
            lag.release(cut, shipped);
            cut.view().close();
        });
        if (shipped) synchrony.madeDurable(cut.seq());
    }

    // ---- the stream ----

    /** True while every write since the cut is in the ring; takes no lock. */
    boolean recording() { return lag.recording(); }

    /** No more recording: what the target lacks is in the dirty map alone. */
    void stopRecording() { lock.run(lag::stopRecording); }

    /** What comes behind write {@code seq} in the stream, when {@code ahead} snapshots have been sent that have not arrived. */
    Lag.Due due(long seq, int ahead) { return lock.get(() -> lag.due(seq, ahead)); }

    /** Everything up to that write is being sent now. */
    void sending(long lastSeq) { lock.run(() -> lag.sending(lastSeq)); }

    /** The target holds everything up to this write durably. */
    void durableUpTo(long durableSeq) {
        lock.run(() -> lag.durableUpTo(durableSeq));
        synchrony.madeDurable(durableSeq);
    }

    /** Of writes this end hears from this number on; until then it looks by itself. */
    void tellFrom(long seq) { bell.tellFrom(seq); }
}
