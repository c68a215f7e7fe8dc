package io.dyad.cluster;

import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Phase;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumeState;
import io.dyad.replication.Blocks.Extent;
import io.dyad.replication.VolumeCuts;
import io.dyad.replication.pairing.Coordinator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;

/** The snapshots of a cluster of this process. */
final class LocalSnapshots implements ClusterSnapshots {
    private final Coordinator coordinator;
    private final VolumeHosts hosts;

    LocalSnapshots(Coordinator coordinator, VolumeHosts hosts) {
        this.coordinator = coordinator;
        this.hosts = hosts;
    }

    @Override public SnapshotInfo take(VolumeId volume, Terms terms, boolean serial, Cause cause) {
        return made(volume, serial, () -> coordinator.snapshots().take(volume, terms, cause));
    }

    @Override public SnapshotInfo copy(SnapshotId of, Terms terms, boolean serial, Cause cause) {
        return made(coordinator.snapshots().known(of).volume(), serial, () -> coordinator.snapshots().copy(of, terms, cause));
    }

    private SnapshotInfo made(VolumeId volume, boolean serial, Supplier<Snapshot> making) {
        if (serial) requireNoneUnderWay(volume);
        SnapshotInfo made = info(making.get());
        coordinator.reconcile(volume);
        return made;
    }

    @Override public List<SnapshotInfo> takeGroup(List<VolumeId> volumes, Terms terms, boolean serial, Cause cause) {
        if (serial) volumes.forEach(this::requireNoneUnderWay);
        List<SnapshotInfo> taken = coordinator.snapshots().takeGroup(volumes, terms, cause).stream().map(this::info).toList();
        volumes.forEach(coordinator::reconcile);
        return taken;
    }

    private void requireNoneUnderWay(VolumeId volume) {
        coordinator.node().view().snapshots(volume).stream().map(this::info)
            .filter(s -> s.remote().filter(r -> r.status().equals("Syncing") || r.status().equals("Not Present")).isPresent()).findFirst().ifPresent(s -> {
                throw new RefusedException(Refusal.SNAPSHOT_UNDER_WAY, "snapshot " + s.snapshot().id() + " of volume " + volume + " is not on the other end yet");
            });
    }

    @Override public List<SnapshotInfo> all() { return coordinator.node().view().snapshots().stream().map(this::info).toList(); }

    private SnapshotInfo info(Snapshot s) {
        String volume = switch (coordinator.node().view().volume(s.volume())) {
            case VolumeState.Active v  -> v.volume().name();
            case VolumeState.Deleted v -> v.volume().name();
            case VolumeState.Absent v  -> "";
            case VolumeState.Purged v  -> "";
        };
        return new SnapshotInfo(s, volume, coordinator.remote(s).map(r -> new SnapshotInfo.Remote(r.volumePair(), r.status())));
    }

    @Override public SnapshotInfo modify(SnapshotId id, SnapshotChange c, Cause cause) {
        Snapshot s = coordinator.snapshots().modify(id, c.replicated(), c.expires(), c.label(), cause);
        coordinator.reconcile(s.volume());
        return info(s);
    }

    @Override public void delete(SnapshotId id, Cause cause) {
        Snapshot s = coordinator.snapshots().known(id);
        coordinator.snapshots().delete(id, cause);
        coordinator.reconcile(s.volume());
    }

    @Override public List<SnapshotInfo> modifyGroup(long group, SnapshotChange change, Cause cause) {
        return coordinator.snapshots().group(group).stream().map(s -> modify(s.id(), change, cause)).toList();
    }

    @Override public void deleteGroup(long group, boolean saveMembers, Cause cause) { coordinator.snapshots().deleteGroup(group, saveMembers, cause); }

    @Override public BlockView open(SnapshotId id) throws IOException {
        Snapshot s = coordinator.snapshots().known(id);
        if (s.phase() != Phase.DONE) throw new RefusedException(Refusal.SNAPSHOT_DOES_NOT_EXIST, "snapshot " + id + " is not whole yet");
        return new Opened(hosts.opened(s.volume()).cuts().open(s.uuid()));
    }

    @Override public boolean hasPoint(VolumeId volume) { return hosts.opened(volume).cuts().hasPoint(); }

    @Override public BlockView now(VolumeId volume) throws IOException { return new Opened(hosts.opened(volume).cuts().now()); }

    /** What the snapshots hold, a block that several share counted for each. One that goes meanwhile counts nothing. */
    long allocatedBytes() throws IOException {
        long sum = 0;
        for (Snapshot s : coordinator.node().view().snapshots()) if (s.phase() == Phase.DONE) sum += allocatedBytes(s.id());
        return sum;
    }

    private long allocatedBytes(SnapshotId id) throws IOException {
        try (BlockView view = open(id)) {
            long sum = 0;
            for (long at = 0; at < view.sizeBytes(); ) {
                Extent run = view.extentAt(at, view.sizeBytes());
                if (run.allocated()) sum += run.lengthBytes();
                at = run.endBytes();
            }
            return sum;
        } catch (RefusedException | FileNotFoundException gone) {
            return 0;
        }
    }

    private record Opened(VolumeCuts.View view) implements BlockView {
        @Override public long sizeBytes() { return view.sizeBytes(); }

        @Override public void read(long offsetBytes, ByteBuffer into) throws IOException { view.read(offsetBytes, into); }

        @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException { return view.extentAt(offsetBytes, endBytes); }

        @Override public void close() throws IOException { view.close(); }
    }
}
