package io.dyad.cluster;

import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.util.List;

/** The snapshots of a cluster's volumes. Safe for any thread; a snapshot that was answered is durable. */
public interface ClusterSnapshots {
    /** An empty name becomes the time. {@code serial}: refused while an earlier snapshot of the volume is still on its way to the other end. */
    SnapshotInfo take(VolumeId volume, Terms terms, boolean serial, Cause cause);

    /** One more snapshot of what this one holds. */
    SnapshotInfo copy(SnapshotId of, Terms terms, boolean serial, Cause cause);

    /** One cut over all these volumes: nothing is written to any of them between the first and the last. */
    List<SnapshotInfo> takeGroup(List<VolumeId> volumes, Terms terms, boolean serial, Cause cause);

    /** All, by number within their volume. */
    List<SnapshotInfo> all();

    SnapshotInfo modify(SnapshotId id, SnapshotChange change, Cause cause);

    /** The copy on the other end of a pair stays. */
    void delete(SnapshotId id, Cause cause);

    List<SnapshotInfo> modifyGroup(long group, SnapshotChange change, Cause cause);

    /** {@code saveMembers}: they stay as snapshots of their own. */
    void deleteGroup(long group, boolean saveMembers, Cause cause);

    /** The content of a snapshot. */
    BlockView open(SnapshotId id) throws IOException;

    /** False while a volume's first sync fills it, and {@link #now} would be refused. */
    boolean hasPoint(VolumeId volume);

    /** A volume's content as it is now, of a target its last consistent point; replication goes on beside it. */
    BlockView now(VolumeId volume) throws IOException;
}
