package io.dyad.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The faults of a cluster. */
public sealed interface FaultsState extends State {
    /** How many resolved faults are remembered. */
    int REMEMBERED = 1000;

    /** {@code current} and the latest of {@code resolved}, both oldest first. */
    record Book(long next, List<Fault> current, List<Resolved> resolved) implements FaultsState {
        public Book {
            current = List.copyOf(current);
            resolved = List.copyOf(resolved);
        }

        Optional<Fault> current(FaultCode code, String subject) { return current.stream().filter(f -> f.isAbout(code, subject)).findFirst(); }
    }

    /** A fault that ended. */
    record Resolved(Fault fault, Instant at) { }
}
