package io.dyad.domain;

/** What happened to a job. */
public sealed interface JobEvent extends Event {
    JobId id();

    @Override default String aggregate() { return "job/" + id(); }

    record JobStarted(Job job) implements JobEvent {
        @Override public JobId id() { return job.id(); }
    }

    record JobEnded(JobId id, Job.Outcome outcome) implements JobEvent { }

    record JobForgotten(JobId id) implements JobEvent { }
}
