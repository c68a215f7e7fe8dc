package io.dyad.replication.pairing;

import io.dyad.domain.Access;
import io.dyad.domain.ClusterCommand.ReleaseVolume;
import io.dyad.domain.ClusterCommand.ReserveVolume;
import io.dyad.domain.ClusterEvent;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Job;
import io.dyad.domain.Job.Kind;
import io.dyad.domain.Job.Outcome;
import io.dyad.domain.Job.Part;
import io.dyad.domain.JobCommand.EndJob;
import io.dyad.domain.JobCommand.ForgetJob;
import io.dyad.domain.JobCommand.StartJob;
import io.dyad.domain.JobId;
import io.dyad.domain.JobState;
import io.dyad.domain.Numbered;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeCommand.CreateVolume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * How jobs begin and end on one cluster; whoever has threads moves the blocks in between, see {@link #running}. A job is in
 * the log before its volumes exist or close for hosts, and its end before they open again; a copy from a live volume is one
 * of a cut that is made for it and goes with it. Safe for any thread.
 */
public final class BackgroundJobs {
    /** At a time from one volume, as the vendor has it (Element 12.x API, GetLimits). */
    public static final int MAX_CLONES_OF_A_VOLUME = 2;
    private final ClusterNode node;
    private final View view;
    private final Cuts cuts;
    private final VolumeSnapshots snapshots;
    private final Ticker ticker;
    private final ReentrantLock beginning = new ReentrantLock();

    /** A volume to be made of another's content: that of a snapshot of it, or of now. {@code draft}: see {@link ClusterNode#createVolume}. */
    public record Wanted(VolumeId source, Optional<Snapshot> snapshot, Function<VolumeId, Volume> draft) { }

    BackgroundJobs(ClusterNode node, Cuts cuts, VolumeSnapshots snapshots, Ticker ticker) {
        this.node = node;
        this.view = node.view();
        this.cuts = cuts;
        this.snapshots = snapshots;
        this.ticker = ticker;
    }

    /** New volumes, all as of one moment. They serve no host until the job is done. */
    public Job clone(List<Wanted> wanted, Cause cause) {
        beginning.lock();
        try {
            wanted.forEach(this::check);
            List<Part> parts = new ArrayList<>();
            List<Volume> volumes = new ArrayList<>();
            for (Wanted w : wanted) {
                VolumeId id = node.reserve(new ReserveVolume(w.draft().apply(w.source()).account()), cause, e -> ((ClusterEvent.VolumeReserved) e).id());
                volumes.add(w.draft().apply(id));
                parts.add(part(w.source(), w.snapshot(), id));
            }
            Job job = begin(Kind.CLONE, parts, cause);
            volumes.forEach(v -> node.execute(new CreateVolume(v), cause));
            volumes.forEach(v -> node.host(v.id()));
            return cut(job, cause);
        } finally {
            beginning.unlock();
        }
    }

    private void check(Wanted w) {
        Volume source = node.active(w.source());
        requireIdle(w.source());
        node.requireCreatable(w.draft().apply(w.source()));
        long running = view.jobs().values().stream().filter(s -> s instanceof JobState.Running r && r.job().parts().stream().anyMatch(p -> p.source().equals(w.source()))).count();
        if (running >= MAX_CLONES_OF_A_VOLUME) throw new RefusedException(Refusal.EXCEEDED_LIMIT, "at most " + MAX_CLONES_OF_A_VOLUME + " clone jobs of a volume at a time");
        long least = w.snapshot().map(Snapshot::sizeBytes).orElse(source.sizeBytes());
        if (Volume.rounded(w.draft().apply(w.source()).sizeBytes()) < least) throw new RefusedException(Refusal.VOLUME_SHRINK_PROHIBITED, "the source has " + least + " bytes");
    }

    /** Replaces the content of a volume that exists. */
    public Job copy(VolumeId source, Optional<Snapshot> snapshot, VolumeId target, Cause cause) {
        beginning.lock();
        try {
            Volume from = node.active(source);
            requireIdle(source);
            long bytes = snapshot.map(Snapshot::sizeBytes).orElse(from.sizeBytes());
            if (source.equals(target)) throw new RefusedException(Refusal.INVALID_PARAMETER, "a volume is not copied to itself");
            if (replaceable(target).sizeBytes() < bytes) throw new RefusedException(Refusal.INVALID_PARAMETER, "volume " + target + " is smaller than " + bytes + " bytes");
            return closed(cut(begin(Kind.COPY, List.of(part(source, snapshot, target)), cause), cause));
        } finally {
            beginning.unlock();
        }
    }

    /** Brings the volumes of these snapshots back to them. */
    public Job rollback(List<Snapshot> to, Cause cause) {
        beginning.lock();
        try {
            to.forEach(s -> replaceable(s.volume()));
            return closed(begin(Kind.ROLLBACK, to.stream().map(s -> part(s.volume(), Optional.of(s), s.volume())).toList(), cause));
        } finally {
            beginning.unlock();
        }
    }

    private Volume replaceable(VolumeId id) {
        Volume v = node.active(id);
        requireIdle(id);
        if (v.access() == Access.REPLICATION_TARGET) throw new RefusedException(Refusal.INVALID_PARAMETER, "volume " + id + " is a replication target: its content is the source's");
        return v;
    }

    private void requireIdle(VolumeId id) {
        if (view.busy(id)) throw new RefusedException(Refusal.VOLUME_BUSY, "a job is replacing the content of volume " + id);
    }

    private Part part(VolumeId source, Optional<Snapshot> snapshot, VolumeId target) {
        return new Part(source, snapshot.map(Snapshot::uuid).orElseGet(ticker::freshUuid), snapshot.map(Snapshot::id), target);
    }

    private Job begin(Kind kind, List<Part> parts, Cause cause) {
        Job job = new Job(new JobId(node.numbers(Numbered.JOB, 1, cause)), kind, parts, ticker.now());
        node.execute(new StartJob(job), cause);
        return job;
    }

    private Job closed(Job job) {
        job.parts().forEach(p -> node.host(p.target()));
        return job;
    }

    /** The cuts that the job needs beside snapshots, all at one moment. One that fails fails the job. */
    private Job cut(Job job, Cause cause) {
        Map<VolumeId, UUID> names = new HashMap<>();
        job.parts().stream().filter(p -> p.snapshot().isEmpty()).forEach(p -> names.put(p.source(), p.cut()));
        try {
            if (!names.isEmpty()) cuts.take(names, false);
        } catch (IOException e) {
            end(job.id(), false, "the source cannot be cut: " + e.getMessage(), cause);
        }
        return job;
    }

    /** The jobs that are to be worked on. */
    public List<Job> running() { return view.jobs().values().stream().flatMap(s -> s instanceof JobState.Running r ? List.of(r.job()).stream() : List.<Job>of().stream()).toList(); }

    public boolean running(JobId id) { return view.jobs().get(id) instanceof JobState.Running; }

    /** The first end counts. The volumes serve again, as far as they are whole; what a failed clone has made is purged. */
    public void end(JobId id, boolean success, String message, Cause cause) {
        if (!(view.jobs().get(id) instanceof JobState.Running r)) return;
        node.execute(new EndJob(id, new Outcome(success, message, ticker.now())), cause);
        cleanUp(r.job(), success, cause);
    }

    private void cleanUp(Job job, boolean success, Cause cause) {
        job.parts().stream().filter(p -> p.snapshot().isEmpty()).forEach(p -> snapshots.forgetCut(p.source(), p.cut()));
        for (Part p : job.parts()) {
            if (job.kind() == Kind.CLONE && !success) discard(p.target(), cause);
            else node.host(p.target());
        }
    }

    private void discard(VolumeId id, Cause cause) {
        if (view.volume(id) instanceof VolumeState.Active) node.deleteVolume(id, cause);
        if (view.volume(id) instanceof VolumeState.Deleted) node.purgeVolume(id, cause);
        if (view.volume(id) instanceof VolumeState.Absent) node.execute(new ReleaseVolume(id), cause);
    }

    /** CancelClone: a copy or clone that is running. */
    public void cancel(JobId id, Cause cause) {
        if (!(view.jobs().get(id) instanceof JobState.Running r) || r.job().kind() == Kind.ROLLBACK)
            throw new RefusedException(Refusal.CLONE_DOES_NOT_EXIST, "no clone " + id + " is running");
        end(id, false, "cancelled", cause);
    }

    /** Its result was read and is not needed again. */
    public void forget(JobId id, Cause cause) { node.execute(new ForgetJob(id), cause); }

    /** After a crash: a clone whose volumes were not all made, or one that ended and was not cleaned up. */
    void recover() {
        Cause cause = new Cause("system", "start");
        view.jobs().forEach((id, state) -> {
            if (state instanceof JobState.Running r && r.job().parts().stream().anyMatch(p -> view.volume(p.target()) instanceof VolumeState.Absent))
                end(id, false, "interrupted before its volumes were made", cause);
            else if (state instanceof JobState.Ended e && e.job().kind() == Kind.CLONE && !e.outcome().success())
                e.job().parts().forEach(p -> discard(p.target(), cause));
        });
    }
}
