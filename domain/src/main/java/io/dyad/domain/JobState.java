package io.dyad.domain;

/** A job of this cluster. */
public sealed interface JobState extends State {
    /** Nobody has asked for it. */
    record Absent() implements JobState { }

    /** Blocks are being copied; its targets serve no host. */
    record Running(Job job) implements JobState { }

    /** It is over, and nobody has taken note yet. */
    record Ended(Job job, Job.Outcome outcome) implements JobState { }

    /** Its result was read. */
    record Forgotten() implements JobState { }
}
