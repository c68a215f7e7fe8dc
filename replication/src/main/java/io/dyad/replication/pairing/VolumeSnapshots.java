package io.dyad.replication.pairing;

import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Numbered;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Group;
import io.dyad.domain.Snapshot.Origin;
import io.dyad.domain.Snapshot.Phase;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotCommand.AbandonSnapshot;
import io.dyad.domain.SnapshotCommand.CompleteSnapshot;
import io.dyad.domain.SnapshotCommand.DeleteSnapshot;
import io.dyad.domain.SnapshotCommand.Deletion;
import io.dyad.domain.SnapshotCommand.KeepSnapshot;
import io.dyad.domain.SnapshotCommand.ModifySnapshot;
import io.dyad.domain.SnapshotCommand.TakeSnapshot;
import io.dyad.domain.SnapshotCommand.UngroupSnapshot;
import io.dyad.domain.SnapshotDecider;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How snapshots come and go on one cluster. A cut is announced in the log, made, and completed in the log before anyone
 * hears of it; it is deleted from the store first and from the log then. So what was acknowledged is in both, and
 * {@link SnapshotRecovery} knows after a crash what every difference means. Safe for any thread.
 */
public final class VolumeSnapshots {
    private final ClusterNode node;
    private final View view;
    private final Cuts cuts;
    private final Ticker ticker;

    VolumeSnapshots(ClusterNode node, Cuts cuts, Ticker ticker) {
        this.node = node;
        this.view = node.view();
        this.cuts = cuts;
        this.ticker = ticker;
    }

    /** An empty name becomes the time. */
    public Snapshot take(VolumeId volume, Terms terms, Cause cause) { return take(List.of(volume), terms, Optional.empty(), cause).getFirst(); }

    /** One cut over all these volumes. */
    public List<Snapshot> takeGroup(List<VolumeId> volumes, Terms terms, Cause cause) {
        volumes.forEach(node::active);
        Group group = new Group(node.numbers(Numbered.GROUP_SNAPSHOT, 1, cause), ticker.freshUuid());
        return take(volumes, terms, Optional.of(group), cause);
    }

    /** One more snapshot of what this one holds. Enabled for replication, it is shipped as one that was enabled later. */
    public Snapshot copy(SnapshotId of, Terms terms, Cause cause) {
        Snapshot from = known(of);
        if (from.phase() != Phase.DONE) throw new RefusedException(Refusal.SNAPSHOT_DOES_NOT_EXIST, "snapshot " + of + " is not whole yet");
        Volume volume = node.active(from.volume());
        requireIdle(volume.id());
        Instant now = ticker.now().truncatedTo(ChronoUnit.MILLIS);
        Snapshot draft = draft(node.numbers(Numbered.SNAPSHOT, 1, cause), volume.id(), from.sizeBytes(), named(terms, now), Optional.empty(), now);
        return made(List.of(draft), () -> cuts.copy(volume.id(), from.uuid(), draft.uuid()), now, cause).getFirst();
    }

    private List<Snapshot> take(List<VolumeId> volumes, Terms terms, Optional<Group> group, Cause cause) {
        List<Volume> active = volumes.stream().map(node::active).toList();
        volumes.forEach(this::requireIdle);
        Instant now = ticker.now().truncatedTo(ChronoUnit.MILLIS);
        long first = node.numbers(Numbered.SNAPSHOT, active.size(), cause);
        List<Snapshot> drafts = new ArrayList<>();
        for (Volume v : active) drafts.add(draft(first + drafts.size(), v.id(), v.sizeBytes(), named(terms, now), group, now));
        return made(drafts, () -> cuts.take(drafts.stream().collect(Collectors.toMap(Snapshot::volume, Snapshot::uuid)), terms.replicated()), now, cause);
    }

    private void requireIdle(VolumeId volume) {
        if (view.busy(volume)) throw new RefusedException(Refusal.VOLUME_BUSY, "a job is replacing the content of volume " + volume);
    }

    private static Terms named(Terms terms, Instant now) {
        return terms.name().isEmpty() ? new Terms(now.truncatedTo(ChronoUnit.SECONDS).toString(), terms.replicated(), terms.expires(), terms.label(), terms.attributes()) : terms;
    }

    private Snapshot draft(long id, VolumeId volume, long sizeBytes, Terms terms, Optional<Group> group, Instant now) {
        UUID uuid = ticker.freshUuid();
        return new Snapshot(new SnapshotId(id), uuid, volume, terms, sizeBytes, Origin.TAKEN, Phase.PREPARING, group, uuid, now, now);
    }

    private interface Cutting { void run() throws IOException; }

    private List<Snapshot> made(List<Snapshot> drafts, Cutting cutting, Instant now, Cause cause) {
        announceAndCut(drafts, cutting, cause);
        drafts.forEach(d -> node.execute(new CompleteSnapshot(d.volume(), d.uuid(), now), cause));
        return drafts.stream().map(d -> view.snapshot(d.id()).orElse(d)).toList();
    }

    private void announceAndCut(List<Snapshot> drafts, Cutting cutting, Cause cause) {
        List<Snapshot> announced = new ArrayList<>();
        try {
            for (Snapshot draft : drafts) {
                node.execute(new TakeSnapshot(draft), cause);
                announced.add(draft);
            }
            cutting.run();
        } catch (IOException e) {
            announced.forEach(s -> node.execute(new AbandonSnapshot(s.volume(), s.uuid()), cause));
            throw new UncheckedIOException("no snapshot could be made: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            announced.forEach(s -> node.execute(new AbandonSnapshot(s.volume(), s.uuid()), cause));
            throw e;
        }
    }

    /** The snapshot, when it exists and may be used: whole, or on its way here. */
    public Snapshot known(SnapshotId id) {
        return view.snapshot(id).filter(s -> s.phase() != Phase.PREPARING)
            .orElseThrow(() -> new RefusedException(Refusal.SNAPSHOT_DOES_NOT_EXIST, "snapshot " + id + " does not exist"));
    }

    /** Empty members stay as they are. */
    public Snapshot modify(SnapshotId id, Optional<Boolean> replicated, Optional<Instant> expires, Optional<String> label, Cause cause) {
        Snapshot s = known(id);
        node.execute(new ModifySnapshot(s.volume(), id, replicated, expires, label), cause);
        return known(id);
    }

    public void delete(SnapshotId id, Cause cause) { delete(known(id), Deletion.ASKED, cause); }

    private void delete(Snapshot s, Deletion why, Cause cause) {
        try {
            cuts.forget(s.volume(), s.uuid());
        } catch (IOException e) {
            throw new UncheckedIOException("snapshot " + s.id() + " cannot be deleted: " + e.getMessage(), e);
        }
        remove(s, why, cause);
    }

    /** The members of a group snapshot, by volume. */
    public List<Snapshot> group(long id) {
        List<Snapshot> members = view.snapshots().stream().filter(s -> s.group().filter(g -> g.id() == id).isPresent()).toList();
        if (members.isEmpty()) throw new RefusedException(Refusal.GROUP_SNAPSHOT_DOES_NOT_EXIST, "group snapshot " + id + " does not exist");
        return members;
    }

    /** {@code saveMembers}: they stay as snapshots of their own. */
    public void deleteGroup(long id, boolean saveMembers, Cause cause) {
        for (Snapshot s : group(id)) {
            if (saveMembers) node.execute(new UngroupSnapshot(s.volume(), s.id()), cause);
            else delete(s, Deletion.ASKED, cause);
        }
    }

    /** Deletes what has reached its end; one that fails is tried again at the next call. */
    void expire() {
        Instant now = ticker.now();
        Cause cause = new Cause("system", "expiry");
        for (Snapshot s : view.snapshots()) {
            if (s.phase() != Phase.DONE || s.terms().expires().filter(at -> !now.isBefore(at)).isEmpty()) continue;
            try {
                delete(s, Deletion.EXPIRED, cause);
            } catch (RefusedException | UncheckedIOException e) {
                // gone meanwhile, or its volume is sick
            }
        }
    }

    // ---- what a crash has left, see SnapshotRecovery ----

    /** Announced, and its cut was made. */
    void complete(Snapshot s, Cause cause) { node.execute(new CompleteSnapshot(s.volume(), s.uuid(), s.created()), cause); }

    /** Announced, and it did not come to be. */
    void abandon(Snapshot s, Cause cause) {
        forgetCut(s.volume(), s.uuid());
        node.execute(new AbandonSnapshot(s.volume(), s.uuid()), cause);
    }

    /** Its cut is gone: its deletion was under way. */
    void lost(Snapshot s, Cause cause) { remove(s, Deletion.LOST, cause); }

    private void remove(Snapshot s, Deletion why, Cause cause) { node.execute(new DeleteSnapshot(s.volume(), s.id(), why, view.half(s.volume()).isPresent()), cause); }

    // ---- what the data plane did ----

    /** A snapshot of the other end is whole here. */
    void arrived(VolumeId volume, UUID uuid, Cause cause) {
        if (view.deletedSnapshots(volume).contains(uuid)) {
            forgetCut(volume, uuid);
            return;
        }
        if (find(volume, uuid).isPresent()) node.execute(new CompleteSnapshot(volume, uuid, ticker.now()), cause);
        else keep(volume, uuid, Origin.ARRIVED, new Terms("", true, Optional.empty(), Optional.empty(), Map.of()), cause);
    }

    /** The content before a resync was kept under this name; a spare one may have given way. */
    void kept(VolumeId volume, UUID uuid, long blocks, Optional<UUID> gone, Cause cause) {
        String name = "dyad-before-resync-" + ticker.now().truncatedTo(ChronoUnit.SECONDS);
        if (find(volume, uuid).isEmpty()) add(volume, uuid, Origin.KEPT, new Terms(name, false, Optional.empty(), Optional.empty(), Map.of("blocks", blocks)), cause);
        gone.flatMap(u -> find(volume, u)).ifPresent(s -> node.execute(new DeleteSnapshot(volume, s.id(), Deletion.MADE_ROOM, false), cause));
        expectLess(volume, cause);
    }

    void keep(VolumeId volume, UUID uuid, Origin origin, Terms terms, Cause cause) {
        add(volume, uuid, origin, terms, cause);
        expectLess(volume, cause);
    }

    private void add(VolumeId volume, UUID uuid, Origin origin, Terms terms, Cause cause) {
        Volume v = node.active(volume);
        Instant now = ticker.now().truncatedTo(ChronoUnit.MILLIS);
        var id = new SnapshotId(node.numbers(Numbered.SNAPSHOT, 1, cause));
        node.execute(new KeepSnapshot(new Snapshot(id, uuid, volume, terms, v.sizeBytes(), origin, Phase.DONE, Optional.empty(), instance(origin, uuid), now, now)), cause);
    }

    /** One that was kept has taken the place of one that is expected: the last of them cannot come, and both ends are to see that. */
    private void expectLess(VolumeId volume, Cause cause) {
        if (view.snapshots(volume).size() <= SnapshotDecider.MAX_SNAPSHOTS) return;
        view.snapshots(volume).stream().filter(s -> s.phase() == Phase.SYNCING).max(Snapshot.OLDEST_FIRST)
            .ifPresent(s -> node.execute(new AbandonSnapshot(volume, s.uuid()), cause));
    }

    private UUID instance(Origin origin, UUID uuid) { return origin == Origin.ARRIVED ? ticker.freshUuid() : uuid; }

    Optional<Snapshot> find(VolumeId volume, UUID uuid) { return view.snapshots(volume).stream().filter(s -> s.uuid().equals(uuid)).findFirst(); }

    void forgetCut(VolumeId volume, UUID uuid) {
        try {
            cuts.forget(volume, uuid);
        } catch (IOException e) {
            throw new UncheckedIOException("volume " + volume + " does not let go of a cut: " + e.getMessage(), e);
        }
    }
}
