package io.dyad.cluster;

import io.dyad.domain.Access;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Job;
import io.dyad.domain.Job.Part;
import io.dyad.domain.JobId;
import io.dyad.domain.JobState;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Phase;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumeState;
import io.dyad.replication.BlockCopy;
import io.dyad.replication.Blocks;
import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.PairEndpoint.Role;
import io.dyad.replication.PairEndpoint.Status;
import io.dyad.replication.pairing.BackgroundJobs.Wanted;
import io.dyad.replication.pairing.Coordinator;
import io.dyad.replication.pairing.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The jobs of a cluster of this process. */
final class LocalJobs implements ClusterJobs {
    private static final long ROLLBACK_WAIT_SECONDS = 60;
    private final Coordinator coordinator;
    private final VolumeHosts hosts;
    private final JobRunner runner;
    private final Ticker ticker;

    LocalJobs(Coordinator coordinator, VolumeHosts hosts, JobRunner runner, Ticker ticker) {
        this.coordinator = coordinator;
        this.hosts = hosts;
        this.runner = runner;
        this.ticker = ticker;
    }

    @Override public JobInfo clone(List<NewClone> clones, Cause cause) {
        Instant now = ticker.now();
        return started(coordinator.jobs().clone(clones.stream().map(c -> wanted(c, now)).toList(), cause));
    }

    private Wanted wanted(NewClone c, Instant now) {
        Volume source = active(c.source());
        Optional<Snapshot> snapshot = c.snapshot().map(id -> of(c.source(), id));
        UUID uuid = ticker.freshUuid();
        Access access = c.access().orElse(source.access() == Access.REPLICATION_TARGET ? Access.READ_WRITE : source.access());
        long bytes = c.sizeBytes().orElseGet(() -> snapshot.map(Snapshot::sizeBytes).orElse(source.sizeBytes()));
        return new Wanted(c.source(), snapshot, id -> new Volume(id, uuid, c.account().orElse(source.account()), c.name().orElse(source.name()), Volume.rounded(bytes), access,
            c.enable512e().orElse(source.enable512e()), source.qos(), c.attributes().orElse(source.attributes()), now));
    }

    private Volume active(VolumeId id) {
        if (coordinator.node().view().volume(id) instanceof VolumeState.Active s) return s.volume();
        throw new RefusedException(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id + " does not exist");
    }

    private Snapshot of(VolumeId volume, SnapshotId id) {
        Snapshot s = whole(id);
        if (!s.volume().equals(volume)) throw new RefusedException(Refusal.SNAPSHOT_DOES_NOT_EXIST, "volume " + volume + " has no snapshot " + id);
        return s;
    }

    private Snapshot whole(SnapshotId id) {
        Snapshot s = coordinator.snapshots().known(id);
        if (s.phase() != Phase.DONE) throw new RefusedException(Refusal.SNAPSHOT_DOES_NOT_EXIST, "snapshot " + id + " is not whole yet");
        return s;
    }

    private JobInfo started(Job job) {
        if (coordinator.jobs().running(job.id())) runner.start(job);
        return find(job.id()).orElseThrow();
    }

    @Override public JobInfo copy(VolumeId source, Optional<SnapshotId> snapshot, VolumeId target, Cause cause) {
        return started(coordinator.jobs().copy(source, snapshot.map(id -> of(source, id)), target, cause));
    }

    @Override public JobInfo rollback(List<SnapshotId> snapshots, Cause cause) {
        Job job = coordinator.jobs().rollback(snapshots.stream().map(this::whole).toList(), cause);
        started(job);
        runner.await(job.id(), ROLLBACK_WAIT_SECONDS);
        return find(job.id()).orElseThrow();
    }

    @Override public void cancel(JobId id, Cause cause) { coordinator.jobs().cancel(id, cause); }

    @Override public List<JobInfo> all() {
        return coordinator.node().view().jobs().values().stream().map(this::info).flatMap(Optional::stream).toList();
    }

    @Override public Optional<JobInfo> find(JobId id) {
        JobState state = coordinator.node().view().jobs().get(id);
        return state == null ? Optional.empty() : info(state);
    }

    private Optional<JobInfo> info(JobState state) {
        return switch (state) {
            case JobState.Absent s    -> Optional.empty();
            case JobState.Forgotten s -> Optional.empty();
            case JobState.Running s   -> Optional.of(running(s.job()));
            case JobState.Ended s     -> Optional.of(runner.work(s.job().id()).isPresent() && s.outcome().success() ? running(s.job())
                : new JobInfo(s.job(), Optional.of(s.outcome()), 0, 0, Duration.between(s.job().started(), s.outcome().at())));
        };
    }

    /** A job is running for others until its volumes serve again. */
    private JobInfo running(Job job) {
        long total = job.parts().stream().mapToLong(p -> active(p.target()).sizeBytes()).sum();
        return new JobInfo(job, Optional.empty(), runner.work(job.id()).map(JobRunner.Work::doneBytes).orElse(0L), total, Duration.between(job.started(), ticker.now()));
    }

    @Override public void forget(JobId id, Cause cause) {
        if (find(id).filter(j -> j.outcome().isPresent()).isPresent()) coordinator.jobs().forget(id, cause);
    }

    // ---- what is on its way ----

    @Override public List<SyncJob> syncJobs() {
        List<SyncJob> all = new ArrayList<>();
        for (JobRunner.Work work : runner.works()) {
            for (int i = 0; i < work.job.parts().size(); i++) all.add(local(work, work.job.parts().get(i), work.copy(i)));
        }
        coordinator.node().view().volumes().keySet().forEach(id -> hosts.status(id).filter(LocalJobs::receiving).ifPresent(s -> all.add(remote(id, s))));
        return all;
    }

    private SyncJob local(JobRunner.Work work, Part part, Optional<BlockCopy> copy) {
        return new SyncJob(part.target(), Optional.of(work.job.id()), Optional.of(part.source()), part.snapshot(), copy.map(BlockCopy::doneBytes).orElse(0L),
            hosts.hosted(part.target()).sizeBytes(), Duration.ofNanos(ticker.nowNs() - work.startedNs));
    }

    private static boolean receiving(Status s) { return s.role() == Role.TARGET && s.flow() == Flow.TRANSFER; }

    private SyncJob remote(VolumeId id, Status s) {
        long done = (s.blocksTotal() - s.blocksLeft()) * Blocks.BLOCK_BYTES;
        return new SyncJob(id, Optional.empty(), Optional.empty(), Optional.empty(), done, s.blocksTotal() * Blocks.BLOCK_BYTES, Duration.ofNanos(ticker.nowNs() - s.startedNs()));
    }
}
