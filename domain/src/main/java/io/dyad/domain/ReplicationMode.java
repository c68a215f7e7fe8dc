package io.dyad.domain;

/** The mode of a pair with a revision that both ends agree on: the higher one wins, so a change made on either end reaches both. */
public record ReplicationMode(Mode mode, long revision) {
    ReplicationMode changedTo(Mode now) { return now == mode ? this : new ReplicationMode(now, revision + 1); }

    ReplicationMode merged(ReplicationMode other) { return other.revision > revision ? other : this; }
}
