package io.dyad.cluster;

import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Fault;
import io.dyad.domain.FaultsState.Resolved;
import io.dyad.replication.pairing.View;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest events in memory, and the book of faults. */
final class LocalHistory implements History {
    private final View view;
    /** Guarded by itself. */
    private final Deque<Recorded> latest = new ArrayDeque<>();

    LocalHistory(View view) { this.view = view; }

    /** To be told every event once it is durable. */
    void observe(Recorded recorded) {
        synchronized (latest) {
            if (latest.size() == EVENTS) latest.removeFirst();
            latest.addLast(recorded);
        }
    }

    @Override public List<Recorded> events() {
        synchronized (latest) {
            return List.copyOf(latest);
        }
    }

    @Override public List<Fault> faults() { return view.faults().current(); }

    @Override public List<Resolved> resolvedFaults() { return view.faults().resolved(); }
}
