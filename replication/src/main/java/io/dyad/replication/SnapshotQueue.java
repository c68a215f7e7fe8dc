package io.dyad.replication;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Snapshots that are to be on the target and are not known to be there, in the order they are to arrive. The volume's lock guards it. */
final class SnapshotQueue {
    /**
     * One of them. While the writes before it are still in the ring, and nothing else has changed, it is a marker in the stream, after write {@code seq}.
     *
     * @param changed what has changed up to it since the one before
     * @param tracked {@code changed} is all; else nobody knows what differs, and digests tell
     */
    record Waiting(UUID name, long seq, Differing changed, boolean tracked) { }

    private final List<Waiting> waiting = new ArrayList<>();

    boolean isEmpty() { return waiting.isEmpty(); }

    Optional<Waiting> first() { return waiting.stream().findFirst(); }

    /** The one that {@code ahead} others are before, when its writes end with {@code seq} or earlier, and it holds nothing that is not in the stream. */
    Optional<UUID> due(long seq, int ahead) {
        boolean due = ahead < waiting.size() && waiting.get(ahead).seq() <= seq && waiting.get(ahead).changed().isEmpty();
        return due ? Optional.of(waiting.get(ahead).name()) : Optional.empty();
    }

    /** The last write before the one that {@code ahead} others are before; without one there is no last. */
    long lastBefore(int ahead) { return ahead < waiting.size() ? waiting.get(ahead).seq() : Long.MAX_VALUE; }

    void add(UUID name, long seq, Differing changed) { waiting.add(new Waiting(name, seq, changed, true)); }

    /** Where the write numbered {@code seq} counts: before the first snapshot that holds it, or in {@code rest}. */
    Differing holder(long seq, Differing rest) {
        for (Waiting w : waiting) if (w.tracked() && w.seq() >= seq) return w.changed();
        return rest;
    }

    /** The target may hold this write and not yet the snapshots taken before it, to which it may have to go back there. True when there are any. */
    boolean doubtBefore(WriteRing.Entry write) {
        boolean any = false;
        for (Waiting w : waiting) {
            if (!w.tracked() || w.seq() >= write.seq()) continue;
            w.changed().doubt(write.blocks());
            any = true;
        }
        return any;
    }

    /** It is on the target, with all that was before it: what one that is not there has to take back again is not known. */
    void arrived(UUID name) {
        int at = 0;
        while (at < waiting.size() && !waiting.get(at).name().equals(name)) at++;
        if (at == waiting.size()) return;
        waiting.remove(at);
        waiting.subList(0, at).replaceAll(w -> new Waiting(w.name(), w.seq(), new Differing(), false));
    }

    /** Its changes are being shipped. */
    void taken(Waiting one) { waiting.set(waiting.indexOf(one), new Waiting(one.name(), one.seq(), new Differing(), one.tracked())); }

    /** These are in doubt in all that comes after the first, up to and with the next whose changes were tracked; else in {@code rest} too. */
    void doubtAfterFirst(DirtyMap blocks, Differing rest) {
        for (Waiting w : waiting.subList(1, waiting.size())) {
            w.changed().distrust(blocks);
            if (w.tracked()) return;
        }
        rest.distrust(blocks);
    }

    /**
     * Brings the queue to what is wanted, oldest first; one whose changes were not tracked takes its place before those that come
     * later in the list.
     */
    void want(List<UUID> wanted, Set<UUID> existing, Differing rest) {
        Set<UUID> here = new HashSet<>(wanted);
        here.retainAll(existing);
        keep(here, rest);
        for (int i = wanted.size() - 1; i >= 0; i--) {
            UUID name = wanted.get(i);
            if (existing.contains(name) && !contains(name)) waiting.add(place(wanted.subList(i + 1, wanted.size())), new Waiting(name, 0, new Differing(), false));
        }
    }

    /** Lets go of those that are not among these: the changes up to them count with those after. */
    void keep(Set<UUID> these, Differing rest) {
        List<Waiting> kept = new ArrayList<>();
        Differing carried = new Differing();
        for (Waiting w : waiting) {
            if (these.contains(w.name())) {
                w.changed().add(carried);
                carried = new Differing();
                kept.add(w);
            } else carried.add(w.changed());
        }
        rest.add(carried);
        waiting.clear();
        waiting.addAll(kept);
    }

    private int place(List<UUID> later) {
        for (int at = 0; at < waiting.size(); at++) if (later.contains(waiting.get(at).name())) return at;
        return waiting.size();
    }

    /** The changes up to the first of them, or {@code rest} when none waits. */
    Differing firstOr(Differing rest) { return waiting.isEmpty() ? rest : waiting.getFirst().changed(); }

    /** There is no common point any more that the first of them whose changes were tracked could go on from. */
    void distrustFirst() {
        for (int at = 0; at < waiting.size(); at++) {
            Waiting w = waiting.get(at);
            if (!w.tracked()) continue;
            waiting.set(at, new Waiting(w.name(), w.seq(), w.changed(), false));
            return;
        }
    }

    boolean contains(UUID name) { return waiting.stream().anyMatch(w -> w.name().equals(name)); }

    /** Adds to {@code all} what has changed up to any of them. */
    void addTo(Differing all) { waiting.forEach(w -> all.add(w.changed())); }

    SnapshotQueue copy() {
        SnapshotQueue copy = new SnapshotQueue();
        waiting.forEach(w -> copy.waiting.add(new Waiting(w.name(), w.seq(), w.changed().copy(), w.tracked())));
        return copy;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeByte(waiting.size());
        for (Waiting w : waiting) {
            out.writeLong(w.name().getMostSignificantBits());
            out.writeLong(w.name().getLeastSignificantBits());
            out.writeBoolean(w.tracked());
            w.changed().write(out);
        }
    }

    static SnapshotQueue read(DataInputStream in) throws IOException {
        SnapshotQueue queue = new SnapshotQueue();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            UUID name = new UUID(in.readLong(), in.readLong());
            boolean tracked = in.readBoolean();
            queue.waiting.add(new Waiting(name, 0, Differing.read(in), tracked));
        }
        return queue;
    }

    /** Lets go of all of them. */
    void clear() { waiting.clear(); }
}
