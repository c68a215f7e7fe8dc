package io.dyad.testkit.kit;

import java.time.Duration;
import java.util.Set;

/** Two clusters that can reach each other. They need not be empty: each test begins by removing what it finds. */
public interface TwoClusters extends AutoCloseable {
    ElementEndpoint a();

    ElementEndpoint b();

    /** How long two clusters may take to agree after a call. */
    default Duration patience() { return Duration.ofSeconds(20); }

    /** Methods that are declared missing: each must be refused with xUnknownAPIMethod. */
    default Set<String> missing() { return Set.of(); }

    /** After each test; whoever keeps the clusters for the next one does nothing here. */
    @Override default void close() { }
}
