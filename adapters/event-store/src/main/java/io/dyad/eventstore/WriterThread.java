package io.dyad.eventstore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes the jobs that wait, runs each, makes them all durable at once, and only then answers them:
 * a group commit. Callers never touch the file, so an interrupted caller cannot close H2's channel under everyone else.
 */
final class WriterThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);
    private static final int WAITING_JOBS = 1024;
    private static final int JOBS_PER_SYNC = 256;
    private static final long ANSWER_WITHIN_SECONDS = 60;
    private static final long IDLE_MILLIS = 50;

    private final BlockingQueue<Job<?>> jobs = new ArrayBlockingQueue<>(WAITING_JOBS);
    private final Durability durability;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile @Nullable Throwable poison;

    /** Makes what the jobs so far have committed durable and known. */
    interface Durability {
        void settle() throws Exception;
    }

    WriterThread(String name, Durability durability) {
        this.durability = durability;
        thread = Thread.ofPlatform().name(name).daemon().start(this::work);
    }

    /** Runs a job and returns when it is durable; waits for room and for the answer, interrupted or not, a minute each at most. */
    <T> T run(Callable<T> work) {
        if (Thread.currentThread() == thread) throw new IllegalStateException("an observer must not wait for the log it observes");
        var job = new Job<>(work);
        boolean interrupted = false;
        try {
            for (long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_WITHIN_SECONDS); ; ) {
                try {
                    enqueue(job, deadline - System.nanoTime());
                    return job.answer.get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? new IllegalStateException(known.getMessage(), known) : new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the event log has not answered within " + ANSWER_WITHIN_SECONDS + " s", e);
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private void enqueue(Job<?> job, long waitNs) throws InterruptedException, TimeoutException {
        if (job.queued) return;
        if (closing) throw new IllegalStateException("the event log is closed");
        if (!jobs.offer(job, waitNs, TimeUnit.NANOSECONDS)) throw new TimeoutException("the queue stayed full");
        job.queued = true;
        if (ended) refuseTheRest();
    }

    private void work() {
        List<Job<?>> batch = new ArrayList<>();
        while (!closing || !jobs.isEmpty()) {
            try {
                Job<?> first = jobs.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) continue;
                batch.add(first);
                jobs.drainTo(batch, JOBS_PER_SYNC - 1);
                settle(batch);
                batch.clear();
            } catch (InterruptedException e) {
                LOG.warn("the writer thread was interrupted; it goes on");
            }
        }
        ended = true;
        refuseTheRest();
    }

    private void settle(List<Job<?>> batch) {
        try {
            for (Job<?> job : batch) {
                if (poison == null) job.run();
                if (job.failure instanceof Error error) poison = error;
            }
            if (poison == null) durability.settle();
        } catch (Exception | Error e) {
            LOG.error("the event log could not be made durable; nothing more is accepted", e);
            poison = e;
        }
        for (Job<?> job : batch) job.finish(poison);
    }

    private void refuseTheRest() {
        for (Job<?> job = jobs.poll(); job != null; job = jobs.poll()) job.finish(new IllegalStateException("the event log is closed"));
    }

    /** Answers what waits, then ends. */
    @Override public void close() {
        closing = true;
        boolean interrupted = false;
        for (long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_WITHIN_SECONDS); !ended && System.nanoTime() < deadline; ) {
            try {
                thread.join(IDLE_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static final class Job<T> {
        private final Callable<T> work;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private boolean queued;
        private @Nullable T value;
        private @Nullable Throwable failure;

        Job(Callable<T> work) { this.work = work; }

        void run() {
            try {
                value = work.call();
            } catch (Throwable e) {
                failure = e;
            }
        }

        void finish(@Nullable Throwable poison) {
            if (poison != null) answer.completeExceptionally(new IllegalStateException("the event log is not durable: " + poison.getMessage(), poison));
            else if (failure != null) answer.completeExceptionally(failure);
            else answer.complete(value);
        }
    }
}
