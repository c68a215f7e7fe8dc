package io.dyad.domain;

import java.time.Instant;

/** What the book of faults is told. {@code subject}: what it is about, as in {@code cluster-pair/1}. */
public sealed interface FaultsCommand extends Command {
    String STREAM = "faults";

    @Override default String aggregate() { return STREAM; }

    record RaiseFault(FaultCode code, String subject, String details, Instant at) implements FaultsCommand { }

    record ClearFault(FaultCode code, String subject, Instant at) implements FaultsCommand { }
}
