package io.dyad.cluster;

import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.JobId;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import java.util.List;
import java.util.Optional;

/** Work that outlasts its call: clones, copies, roll-backs. It survives a restart. Safe for any thread. */
public interface ClusterJobs {
    /** New volumes, all as of one moment; they serve no host until the job is done. */
    JobInfo clone(List<NewClone> clones, Cause cause);

    /** Replaces the content of {@code target} by that of a snapshot of {@code source}, or by what it is now. */
    JobInfo copy(VolumeId source, Optional<SnapshotId> snapshot, VolumeId target, Cause cause);

    /** Brings the volumes of these snapshots back to them; hosts are kept out meanwhile. Returns when it is done, or is still under way after a minute. */
    JobInfo rollback(List<SnapshotId> snapshots, Cause cause);

    /** A clone or copy that is running; what a clone has made so far goes. */
    void cancel(JobId id, Cause cause);

    /** Those that run, and those whose result was not forgotten. */
    List<JobInfo> all();

    Optional<JobInfo> find(JobId id);

    /** The result was read and is not needed again. Running ones stay. */
    void forget(JobId id, Cause cause);

    List<SyncJob> syncJobs();
}
