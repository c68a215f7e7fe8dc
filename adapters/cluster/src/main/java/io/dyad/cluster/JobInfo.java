package io.dyad.cluster;

import io.dyad.domain.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A job as it is now. {@code outcome} is empty while it runs; bytes count what is known to be equal of what shall be. */
public record JobInfo(Job job, Optional<Job.Outcome> outcome, long doneBytes, long totalBytes, Duration elapsed) {
    public Instant updated() { return outcome.map(Job.Outcome::at).orElseGet(() -> job.started().plus(elapsed)); }
}
