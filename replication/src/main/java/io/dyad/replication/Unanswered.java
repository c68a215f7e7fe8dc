package io.dyad.replication;

import io.dyad.replication.WriteRing.Entry;
import java.util.List;

/**
 * Streamed writes that were sent, and whose target had not said to hold them durably when their session ended, in order. What
 * it names when it is met again settles which of them it lacks.
 *
 * @param epoch the one behind which they were streamed
 * @param writes without their data
 */
record Unanswered(long epoch, List<Entry> writes) {
    private static final Unanswered NONE = new Unanswered(0, List.of());

    Unanswered { writes = List.copyOf(writes); }

    static Unanswered none() { return NONE; }

    boolean isNone() { return writes.isEmpty(); }

    long lastSeq() { return writes.getLast().seq(); }
}
