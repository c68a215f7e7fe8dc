package io.dyad.domain;

import static io.dyad.domain.Samples.NOON;
import static io.dyad.domain.Samples.OTHER_VOLUME;
import static io.dyad.domain.Samples.VOLUME;

import io.dyad.domain.Job.Kind;
import io.dyad.domain.Job.Outcome;
import io.dyad.domain.Job.Part;
import io.dyad.domain.JobCommand.EndJob;
import io.dyad.domain.JobCommand.ForgetJob;
import io.dyad.domain.JobCommand.StartJob;
import io.dyad.domain.JobEvent.JobEnded;
import io.dyad.domain.JobEvent.JobForgotten;
import io.dyad.domain.JobEvent.JobStarted;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Samples of a clone of volume 7 into volume 8. */
final class JobSamples {
    static final JobId JOB = new JobId(3);
    static final Job CLONE = new Job(JOB, Kind.CLONE, List.of(new Part(VOLUME, new UUID(70, 1), Optional.empty(), OTHER_VOLUME)), NOON);
    static final Outcome DONE = new Outcome(true, "", NOON);
    static final Outcome CANCELLED = new Outcome(false, "cancelled", NOON);
    static final Event STARTED = new JobStarted(CLONE);
    static final Event ENDED = new JobEnded(JOB, DONE);
    static final Event FORGOTTEN = new JobForgotten(JOB);

    private JobSamples() { }

    static SampleSet all() {
        return new SampleSet(Aggregate.JOB, JobState.class, JobCommand.class)
            .past("", List.of())
            .past("", STARTED)
            .past("", STARTED, ENDED)
            .past("", STARTED, ENDED, FORGOTTEN)
            .ask("", new StartJob(CLONE))
            .ask("done", new EndJob(JOB, DONE))
            .ask("cancelled", new EndJob(JOB, CANCELLED))
            .ask("", new ForgetJob(JOB));
    }
}
