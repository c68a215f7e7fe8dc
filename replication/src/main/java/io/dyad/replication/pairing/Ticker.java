package io.dyad.replication.pairing;

import java.time.Instant;
import java.util.UUID;

/** Time and fresh ids, from outside. */
public interface Ticker {
    /** Nanoseconds that only grow; their zero means nothing. */
    long nowNs();

    Instant now();

    UUID freshUuid();
}
