package io.dyad.jsonrpc;

import io.dyad.cluster.Cluster;
import io.dyad.cluster.ClusterJobs;
import io.dyad.cluster.JobInfo;
import io.dyad.cluster.NewClone;
import io.dyad.cluster.NewVolume;
import io.dyad.cluster.SyncJob;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Job;
import io.dyad.domain.Job.Kind;
import io.dyad.domain.Job.Outcome;
import io.dyad.domain.Job.Part;
import io.dyad.domain.JobId;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** Jobs of the mind: they move nothing and are done at once, unless they are told to last. */
final class FakeJobs implements ClusterJobs {
    private static final Instant THEN = Instant.parse("2021-03-09T04:40:43.123Z");
    /** Jobs that begin from now on run until they are cancelled. */
    volatile boolean lasting;
    private final Cluster cluster;
    private final FakeSnapshots snapshots;
    private final TreeMap<JobId, JobInfo> jobs = new TreeMap<>();
    private long last;

    FakeJobs(Cluster cluster, FakeSnapshots snapshots) {
        this.cluster = cluster;
        this.snapshots = snapshots;
    }

    @Override public JobInfo clone(List<NewClone> clones, Cause cause) {
        List<Part> parts = new ArrayList<>();
        for (NewClone c : clones) {
            var source = existing(c.source()).volume();
            requireIdle(c.source());
            if (running().filter(p -> p.source().equals(c.source())).count() >= 2) throw new RefusedException(Refusal.EXCEEDED_LIMIT, "at most 2 clone jobs of a volume at a time");
            c.snapshot().ifPresent(snapshots::known);
            if (c.sizeBytes().orElse(source.sizeBytes()) <= source.sizeBytes() - (1 << 20)) throw new RefusedException(Refusal.VOLUME_SHRINK_PROHIBITED, "the source is larger");
            var made = cluster.createVolume(new NewVolume(c.name().orElse(source.name()), c.account().orElse(source.account()), c.sizeBytes().orElse(source.sizeBytes()),
                c.enable512e().orElse(source.enable512e()), c.access().orElse(source.access()), source.qos(), c.attributes().orElse(source.attributes())), cause);
            parts.add(new Part(c.source(), UUID.randomUUID(), c.snapshot(), made.volume().id()));
        }
        return begin(Kind.CLONE, parts);
    }

    /** Throws for a volume whose content is being replaced. */
    void requireIdle(VolumeId id) {
        if (running().anyMatch(p -> p.target().equals(id))) throw new RefusedException(Refusal.VOLUME_BUSY, "volume " + id);
    }

    private Stream<Part> running() { return jobs.values().stream().filter(j -> j.outcome().isEmpty()).flatMap(j -> j.job().parts().stream()); }

    private VolumeInfo existing(VolumeId id) { return cluster.volume(id).orElseThrow(() -> new RefusedException(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id)); }

    private JobInfo begin(Kind kind, List<Part> parts) {
        var id = new JobId(++last);
        Optional<Outcome> outcome = lasting ? Optional.empty() : Optional.of(new Outcome(true, "", THEN));
        jobs.put(id, new JobInfo(new Job(id, kind, parts, THEN), outcome, 4096, 8192, Duration.ofSeconds(2)));
        return find(id).orElseThrow();
    }

    @Override public JobInfo copy(VolumeId source, Optional<SnapshotId> snapshot, VolumeId target, Cause cause) {
        existing(source);
        existing(target);
        requireIdle(target);
        snapshot.ifPresent(snapshots::known);
        if (source.equals(target)) throw new RefusedException(Refusal.INVALID_PARAMETER, "to itself");
        return begin(Kind.COPY, List.of(new Part(source, UUID.randomUUID(), snapshot, target)));
    }

    @Override public JobInfo rollback(List<SnapshotId> to, Cause cause) {
        to.forEach(s -> requireIdle(snapshots.known(s).volume()));
        return begin(Kind.ROLLBACK, to.stream().map(snapshots::known).map(s -> new Part(s.volume(), s.uuid(), Optional.of(s.id()), s.volume())).toList());
    }

    @Override public void cancel(JobId id, Cause cause) {
        var job = find(id).filter(j -> j.outcome().isEmpty()).orElseThrow(() -> new RefusedException(Refusal.CLONE_DOES_NOT_EXIST, "clone " + id));
        jobs.put(id, new JobInfo(job.job(), Optional.of(new Outcome(false, "cancelled", THEN)), 0, 0, Duration.ZERO));
    }

    @Override public List<JobInfo> all() { return List.copyOf(jobs.values()); }

    @Override public Optional<JobInfo> find(JobId id) { return Optional.ofNullable(jobs.get(id)); }

    @Override public void forget(JobId id, Cause cause) {
        if (find(id).filter(j -> j.outcome().isPresent()).isPresent()) jobs.remove(id);
    }

    @Override public List<SyncJob> syncJobs() {
        return jobs.values().stream().filter(j -> j.outcome().isEmpty()).flatMap(j -> j.job().parts().stream().map(p ->
            new SyncJob(p.target(), Optional.of(j.job().id()), Optional.of(p.source()), p.snapshot(), j.doneBytes(), j.totalBytes(), j.elapsed()))).toList();
    }
}
