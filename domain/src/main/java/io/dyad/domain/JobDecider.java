package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;
import static io.dyad.domain.Decision.refuse;

import io.dyad.domain.JobCommand.EndJob;
import io.dyad.domain.JobCommand.ForgetJob;
import io.dyad.domain.JobCommand.StartJob;
import io.dyad.domain.JobEvent.JobEnded;
import io.dyad.domain.JobEvent.JobForgotten;
import io.dyad.domain.JobEvent.JobStarted;
import io.dyad.domain.JobState.Absent;
import io.dyad.domain.JobState.Ended;
import io.dyad.domain.JobState.Forgotten;
import io.dyad.domain.JobState.Running;

/** The rules of a job (Element 12.x API: CloneVolume, CancelClone, GetAsyncResult …). */
public final class JobDecider implements Decider<JobState, JobCommand, JobEvent> {
    @Override public JobState initial() { return new Absent(); }

    @Override public Decision<JobEvent> decide(JobState state, JobCommand command) {
        return switch (state) {
            case Absent s    -> whenAbsent(command);
            case Running s   -> whenRunning(command);
            case Ended s     -> whenEnded(command);
            case Forgotten s -> missing(command);
        };
    }

    private static Decision<JobEvent> whenAbsent(JobCommand command) {
        return switch (command) {
            case StartJob c  -> append(new JobStarted(c.job()));
            case EndJob c    -> missing(c);
            case ForgetJob c -> missing(c);
        };
    }

    private static Decision<JobEvent> whenRunning(JobCommand command) {
        return switch (command) {
            case StartJob c  -> nothing();
            case EndJob c    -> append(new JobEnded(c.id(), c.outcome()));
            case ForgetJob c -> nothing();
        };
    }

    private static Decision<JobEvent> whenEnded(JobCommand command) {
        return switch (command) {
            case StartJob c  -> nothing();
            case EndJob c    -> nothing();
            case ForgetJob c -> append(new JobForgotten(c.id()));
        };
    }

    private static Decision<JobEvent> missing(JobCommand c) { return refuse(Refusal.JOB_DOES_NOT_EXIST, "job " + c.id() + " does not exist"); }

    @Override public JobState evolve(JobState state, JobEvent event) {
        return switch (event) {
            case JobStarted e when state instanceof Absent     -> new Running(e.job());
            case JobEnded e when state instanceof Running s    -> new Ended(s.job(), e.outcome());
            case JobForgotten e when state instanceof Ended    -> new Forgotten();
            case JobStarted e   -> throw new CorruptHistoryException(state, e);
            case JobEnded e     -> throw new CorruptHistoryException(state, e);
            case JobForgotten e -> throw new CorruptHistoryException(state, e);
        };
    }
}
