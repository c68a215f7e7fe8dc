package io.dyad.cluster;

import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Job;
import io.dyad.domain.Job.Part;
import io.dyad.domain.JobId;
import io.dyad.replication.BlockCopy;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.VolumeCuts;
import io.dyad.replication.pairing.BackgroundJobs;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves the blocks of the running jobs, {@value #AT_A_TIME} jobs at a time. What a stop interrupts is taken up again at the next start. */
final class JobRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    private static final int AT_A_TIME = 2;
    private final VolumeHosts hosts;
    private final BackgroundJobs jobs;
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME, Thread.ofPlatform().daemon().name("dyad-job-", 0).factory());
    private final Map<JobId, Work> works = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    JobRunner(VolumeHosts hosts, BackgroundJobs jobs) {
        this.hosts = hosts;
        this.jobs = jobs;
    }

    /** A job under way here. Ended is it when its volumes serve again. */
    static final class Work {
        final Job job;
        final long startedNs = System.nanoTime();
        private final List<BlockCopy> copies = new CopyOnWriteArrayList<>();
        private final CountDownLatch ended = new CountDownLatch(1);

        Work(Job job) { this.job = job; }

        long doneBytes() { return copies.stream().mapToLong(BlockCopy::doneBytes).sum(); }

        /** Of one part, once it has begun. */
        Optional<BlockCopy> copy(int part) { return part < copies.size() ? Optional.of(copies.get(part)) : Optional.empty(); }
    }

    /** Takes up what was running when the cluster was last left. */
    void resume() { jobs.running().forEach(this::start); }

    void start(Job job) {
        Work work = new Work(job);
        works.put(job.id(), work);
        threads.execute(() -> run(work));
    }

    Optional<Work> work(JobId id) { return Optional.ofNullable(works.get(id)); }

    List<Work> works() { return List.copyOf(works.values()); }

    /** Waits until the job is over; in vain for {@code seconds} at most. */
    void await(JobId id, long seconds) {
        Work work = works.get(id);
        try {
            if (work != null && !work.ended.await(seconds, TimeUnit.SECONDS)) LOG.info("job {} goes on in the background", id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Work work) {
        JobId id = work.job.id();
        try {
            for (Part part : work.job.parts()) copy(work, part);
            if (!stopping) end(id, true, "");
        } catch (FileNotFoundException e) {
            end(id, false, "what was to be copied is no longer there: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            if (jobs.running(id) && !stopping) {
                LOG.error("job {} failed", id, e);
                end(id, false, String.valueOf(e.getMessage()));
            }
        } finally {
            works.remove(id);
            work.ended.countDown();
        }
    }

    private void copy(Work work, Part part) throws IOException {
        if (!goesOn(work)) return;
        ReplicatedVolume target = hosts.opened(part.target());
        try (VolumeCuts.View from = hosts.opened(part.source()).cuts().open(part.cut())) {
            BlockCopy copy = new BlockCopy(from, target);
            work.copies.add(copy);
            while (goesOn(work) && copy.step()) Thread.onSpinWait();
        }
        if (goesOn(work)) target.flush();
    }

    private boolean goesOn(Work work) { return !stopping && jobs.running(work.job.id()); }

    private void end(JobId id, boolean success, String message) { jobs.end(id, success, message, new Cause("system", "job")); }

    @Override public void close() {
        stopping = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) LOG.warn("a job did not stop in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
