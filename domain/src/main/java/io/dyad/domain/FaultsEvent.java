package io.dyad.domain;

import java.time.Instant;

/** What was amiss, and what no longer is. */
public sealed interface FaultsEvent extends Event {
    @Override default String aggregate() { return FaultsCommand.STREAM; }

    record FaultRaised(Fault fault) implements FaultsEvent { }

    record FaultCleared(long id, Instant at) implements FaultsEvent { }
}
