package io.dyad.jsonrpc;

import io.dyad.cluster.BlockView;
import io.dyad.cluster.ClusterSnapshots;
import io.dyad.cluster.SnapshotChange;
import io.dyad.cluster.SnapshotInfo;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Group;
import io.dyad.domain.Snapshot.Origin;
import io.dyad.domain.Snapshot.Phase;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** Snapshots of the mind: they have every rule of names and numbers and no content. */
final class FakeSnapshots implements ClusterSnapshots {
    private static final Instant THEN = Instant.parse("2021-03-09T04:40:43.123Z");
    private final Function<VolumeId, VolumeInfo> volumes;
    private final Consumer<VolumeId> idle;
    private final TreeMap<SnapshotId, Snapshot> snapshots = new TreeMap<>();
    private long last;
    private long lastGroup;

    /** {@code volumes} throws for one that does not exist, {@code idle} for one whose content is being replaced. */
    FakeSnapshots(Function<VolumeId, VolumeInfo> volumes, Consumer<VolumeId> idle) {
        this.volumes = volumes;
        this.idle = idle;
    }

    @Override public SnapshotInfo take(VolumeId volume, Terms terms, boolean serial, Cause cause) {
        if (serial) requireNoneUnderWay(volume);
        return take(volume, terms, Optional.empty());
    }

    @Override public SnapshotInfo copy(SnapshotId of, Terms terms, boolean serial, Cause cause) { return take(known(of).volume(), terms, serial, cause); }

    private void requireNoneUnderWay(VolumeId volume) {
        if (all().stream().anyMatch(s -> s.snapshot().volume().equals(volume) && s.remote().filter(r -> !r.status().equals("Present")).isPresent()))
            throw new RefusedException(Refusal.SNAPSHOT_UNDER_WAY, "volume " + volume);
    }

    private SnapshotInfo take(VolumeId volume, Terms t, Optional<Group> group) {
        long bytes = volumes.apply(volume).volume().sizeBytes();
        idle.accept(volume);
        if (snapshots.values().stream().filter(s -> s.volume().equals(volume)).count() >= 32) throw new RefusedException(Refusal.MAX_SNAPSHOTS_PER_VOLUME, "volume " + volume);
        var id = new SnapshotId(++last);
        var uuid = UUID.randomUUID();
        var named = t.name().isEmpty() ? new Terms("2021-03-09T04:40:43Z", t.replicated(), t.expires(), t.label(), t.attributes()) : t;
        snapshots.put(id, new Snapshot(id, uuid, volume, named, bytes, Origin.TAKEN, Phase.DONE, group, uuid, THEN, THEN));
        return info(known(id));
    }

    @Override public List<SnapshotInfo> takeGroup(List<VolumeId> of, Terms terms, boolean serial, Cause cause) {
        of.stream().map(volumes).forEach(Objects::requireNonNull);     // throws for one that does not exist
        if (serial) of.forEach(this::requireNoneUnderWay);
        var group = new Group(++lastGroup, UUID.randomUUID());
        return of.stream().map(v -> take(v, terms, Optional.of(group))).toList();
    }

    @Override public List<SnapshotInfo> all() { return snapshots.values().stream().map(this::info).toList(); }

    Snapshot known(SnapshotId id) {
        return Optional.ofNullable(snapshots.get(id)).orElseThrow(() -> new RefusedException(Refusal.SNAPSHOT_DOES_NOT_EXIST, "snapshot " + id));
    }

    /** Paired, it is on the other end at once where it shall be, unless the pair is paused. */
    private SnapshotInfo info(Snapshot s) {
        var volume = volumes.apply(s.volume());
        return new SnapshotInfo(s, volume.volume().name(), volume.pair().filter(p -> s.terms().replicated()).map(p -> new SnapshotInfo.Remote(p.uuid(), p.state().startsWith("Paused") ? "Not Present" : "Present")));
    }

    @Override public SnapshotInfo modify(SnapshotId id, SnapshotChange c, Cause cause) {
        var s = known(id);
        var t = s.terms();
        return put(s, new Terms(t.name(), c.replicated().orElse(t.replicated()), c.expires().or(t::expires), c.label().or(t::label), t.attributes()), s.group());
    }

    private SnapshotInfo put(Snapshot s, Terms terms, Optional<Group> group) {
        snapshots.put(s.id(), new Snapshot(s.id(), s.uuid(), s.volume(), terms, s.sizeBytes(), s.origin(), s.phase(), group, s.instance(), s.created(), s.copied()));
        return info(known(s.id()));
    }

    @Override public void delete(SnapshotId id, Cause cause) { snapshots.remove(known(id).id()); }

    private List<Snapshot> group(long group) { return snapshots.values().stream().filter(s -> s.group().filter(g -> g.id() == group).isPresent()).toList(); }

    @Override public List<SnapshotInfo> modifyGroup(long group, SnapshotChange change, Cause cause) {
        return group(group).stream().map(s -> modify(s.id(), change, cause)).toList();
    }

    @Override public void deleteGroup(long group, boolean saveMembers, Cause cause) {
        group(group).forEach(s -> {
            if (saveMembers) put(s, s.terms(), Optional.empty());
            else delete(s.id(), cause);
        });
    }

    @Override public BlockView open(SnapshotId id) { throw new UnsupportedOperationException("no method opens blocks"); }

    @Override public boolean hasPoint(VolumeId volume) { throw new UnsupportedOperationException("no method opens blocks"); }

    @Override public BlockView now(VolumeId volume) { throw new UnsupportedOperationException("no method opens blocks"); }
}
