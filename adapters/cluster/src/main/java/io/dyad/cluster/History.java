package io.dyad.cluster;

import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Fault;
import io.dyad.domain.FaultsState.Resolved;
import java.util.List;

/** What happened on a cluster lately. */
public interface History {
    /** How many events are at hand; the log itself holds all of them. */
    int EVENTS = 10_000;

    /** The latest events, oldest first. */
    List<Recorded> events();

    /** What is amiss now, oldest first. */
    List<Fault> faults();

    /** The latest faults that ended, oldest first. */
    List<Resolved> resolvedFaults();
}
