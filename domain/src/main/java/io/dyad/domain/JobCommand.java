package io.dyad.domain;

/** What a job is asked. Progress is no event: only its beginning and its end are. */
public sealed interface JobCommand extends Command {
    JobId id();

    @Override default String aggregate() { return "job/" + id(); }

    record StartJob(Job job) implements JobCommand {
        @Override public JobId id() { return job.id(); }
    }

    /** The first end counts: done, failed or cancelled. */
    record EndJob(JobId id, Job.Outcome outcome) implements JobCommand { }

    /** Its result was read and is not needed again. */
    record ForgetJob(JobId id) implements JobCommand { }
}
