package io.dyad.replication;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.replication.PairEndpoint.Role;

/**
 * What is wanted of an end of a pair. {@code hold}: no data may flow, whatever the role; {@code why} goes to the log of the next
 * resync.
 */
public record Wish(Access access, Role role, boolean hold, String why, Mode mode, Terms terms, SnapshotPlan snapshots) {
    /** All writes are to be shipped, not only snapshots. */
    boolean live() { return mode != Mode.SNAPSHOTS_ONLY; }

    /** No pair, only the access. */
    static Wish alone(Access access) { return new Wish(access, Role.NONE, true, "restart", Mode.ASYNC, Terms.DEFAULT, SnapshotPlan.NONE); }
}
