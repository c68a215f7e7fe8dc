package io.dyad.replication.pairing;

import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Numbered;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Group;
import io.dyad.domain.Snapshot.Origin;
import io.dyad.domain.Snapshot.Phase;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotCommand.AbandonSnapshot;
import io.dyad.domain.SnapshotCommand.ExpectSnapshot;
import io.dyad.domain.SnapshotCommand.ForgetDeleted;
import io.dyad.domain.SnapshotDecider;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import io.dyad.replication.PairEndpoint.Role;
import io.dyad.replication.pairing.PeerMessage.SnapshotReport;
import io.dyad.replication.pairing.PeerMessage.SnapshotsReport;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the ends of a pair tell each other of their replicated snapshots, and what follows from it: what a source ships, what
 * a target expects, and how each shows the other.
 */
final class SnapshotExchange {
    /** A snapshot on the other end (Element 12.x API, RemoteClusterSnapshotStatus). */
    enum Remote {
        PRESENT("Present"), NOT_PRESENT("Not Present"), SYNCING("Syncing"), DELETED("Deleted"), UNKNOWN("Unknown");

        private final String wire;

        Remote(String wire) { this.wire = wire; }

        String wire() { return wire; }
    }

    private final ClusterNode node;
    private final View view;
    private final Ticker ticker;
    private final PeerEnds ends = new PeerEnds();

    SnapshotExchange(ClusterNode node, Ticker ticker) {
        this.node = node;
        this.view = node.view();
        this.ticker = ticker;
    }

    PeerEnds ends() { return ends; }

    SnapshotsReport report(VolumeId id) {
        List<SnapshotReport> held = replicated(id).map(SnapshotExchange::report).toList();
        return new SnapshotsReport(held, view.deletedSnapshots(id).stream().sorted().toList(), full(id));
    }

    private Stream<Snapshot> replicated(VolumeId id) {
        return view.snapshots(id).stream().filter(s -> s.terms().replicated() && s.phase() != Phase.PREPARING);
    }

    private static SnapshotReport report(Snapshot s) {
        Terms t = s.terms();
        return new SnapshotReport(s.uuid(), t.name(), s.created().toEpochMilli(), t.expires().map(Instant::toEpochMilli).orElse(0L), t.label().orElse(""), t.attributes(),
            s.sizeBytes(), s.group().map(g -> g.uuid().toString()).orElse(""), s.phase() == Phase.DONE);
    }

    private boolean full(VolumeId id) { return view.snapshots(id).size() >= SnapshotDecider.MAX_SNAPSHOTS; }

    /** Takes in what the other end of this volume's pair says. */
    void heard(VolumeId id, Role own, SnapshotsReport theirs, Cause cause) {
        if (own == Role.TARGET) theirs.held().stream().filter(SnapshotReport::done).forEach(r -> expect(id, r, cause));
        Set<UUID> held = theirs.held().stream().map(SnapshotReport::uuid).collect(Collectors.toSet());
        view.snapshots(id).stream().filter(s -> s.phase() == Phase.SYNCING && !held.contains(s.uuid()))
            .forEach(s -> node.execute(new AbandonSnapshot(id, s.uuid()), cause));
        Set<UUID> gone = new HashSet<>(view.deletedSnapshots(id));
        gone.removeAll(held);
        if (!gone.isEmpty()) node.execute(new ForgetDeleted(id, gone), cause);
    }

    /** What the other end of this volume's pair has said, if it has. */
    private @Nullable SnapshotsReport theirs(VolumeId id) { return view.half(id).flatMap(half -> ends.snapshots(half.uuid())).orElse(null); }

    private void expect(VolumeId id, SnapshotReport r, Cause cause) {
        Optional<Snapshot> known = view.snapshots(id).stream().filter(s -> s.uuid().equals(r.uuid())).findFirst();
        if (view.deletedSnapshots(id).contains(r.uuid()) || known.filter(s -> !s.terms().name().isEmpty()).isPresent() || known.isEmpty() && full(id)) return;
        SnapshotId number = known.map(Snapshot::id).orElseGet(() -> new SnapshotId(node.numbers(Numbered.SNAPSHOT, 1, cause)));
        Terms terms = new Terms(r.name(), true, time(r.expiresMillis()), Optional.of(r.label()).filter(l -> !l.isEmpty()), r.attributes());
        try {
            node.execute(new ExpectSnapshot(new Snapshot(number, r.uuid(), id, terms, r.sizeBytes(), Origin.ARRIVED, Phase.SYNCING, Optional.of(r.group()).filter(g -> !g.isEmpty()).map(g -> group(UUID.fromString(g), cause)),
                ticker.freshUuid(), Instant.ofEpochMilli(r.createdMillis()), ticker.now())), cause);
        } catch (RefusedException e) {
            // it became full meanwhile: the next report finds it so
        }
    }

    /** The group's number here; the first of its members takes one. */
    private Group group(UUID uuid, Cause cause) {
        return view.snapshots().stream().map(Snapshot::group).flatMap(Optional::stream).filter(g -> g.uuid().equals(uuid)).findFirst()
            .orElseGet(() -> new Group(node.numbers(Numbered.GROUP_SNAPSHOT, 1, cause), uuid));
    }

    private static Optional<Instant> time(long millis) { return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis)); }

    /** A source's snapshots that the target is to have and has not, oldest first. */
    List<UUID> ship(VolumeId id) {
        SnapshotsReport theirs = theirs(id);
        if (theirs == null) return List.of();
        return oldestFirst(replicated(id).filter(s -> s.phase() == Phase.DONE && lacks(theirs, s.uuid())));
    }

    private static boolean lacks(SnapshotsReport theirs, UUID uuid) {
        return !theirs.deleted().contains(uuid) && theirs.held().stream().noneMatch(r -> r.uuid().equals(uuid) && r.done());
    }

    /** What earlier resyncs overwrote here, oldest first. */
    List<UUID> spare(VolumeId id) { return oldestFirst(view.snapshots(id).stream().filter(s -> s.origin() == Origin.KEPT && s.phase() == Phase.DONE)); }

    /** Those of the source that have a place here and are not whole yet, oldest first. */
    List<UUID> expected(VolumeId id) { return oldestFirst(view.snapshots(id).stream().filter(s -> s.phase() == Phase.SYNCING)); }

    private static List<UUID> oldestFirst(Stream<Snapshot> some) {
        return some.sorted(Snapshot.OLDEST_FIRST).map(Snapshot::uuid).toList();
    }

    /** The source has snapshots to ship and the target has no number left for them. */
    boolean overfull(VolumeId id, Role own) {
        SnapshotsReport theirs = theirs(id);
        if (theirs == null) return false;
        return switch (own) {
            case SOURCE -> theirs.full() && ship(id).stream().anyMatch(uuid -> theirs.held().stream().noneMatch(r -> r.uuid().equals(uuid)));
            case TARGET -> full(id) && theirs.held().stream().anyMatch(r -> r.done() && !view.deletedSnapshots(id).contains(r.uuid())
                && view.snapshots(id).stream().noneMatch(s -> s.uuid().equals(r.uuid())));
            case NONE   -> false;
        };
    }

    /** How the other end stands with a replicated snapshot of a paired volume. {@code moving}: a session is under way. */
    Remote remote(Snapshot s, Role own, boolean linked, boolean moving) {
        SnapshotsReport theirs = theirs(s.volume());
        if (theirs == null || !linked) return Remote.UNKNOWN;
        if (theirs.deleted().contains(s.uuid())) return Remote.DELETED;
        Optional<SnapshotReport> there = theirs.held().stream().filter(r -> r.uuid().equals(s.uuid())).findFirst();
        if (there.isPresent()) return there.get().done() ? Remote.PRESENT : Remote.SYNCING;
        return switch (own) {
            case SOURCE -> moving ? Remote.SYNCING : Remote.NOT_PRESENT;
            case TARGET -> s.origin() == Origin.ARRIVED ? Remote.DELETED : Remote.NOT_PRESENT;
            case NONE   -> Remote.NOT_PRESENT;
        };
    }
}
