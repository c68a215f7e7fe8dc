package io.dyad.domain;

/** A job's number on its own cluster, 1 and up: the asyncHandle of the API, and a clone's cloneID. */
public record JobId(long value) implements Comparable<JobId> {
    public JobId {
        if (value < 1) throw new IllegalArgumentException("job id " + value + " is below 1");
    }

    @Override public int compareTo(JobId other) { return Long.compare(value, other.value); }

    @Override public String toString() { return Long.toString(value); }
}
