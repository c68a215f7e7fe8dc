package io.dyad.cluster.culprits;

/** Breaks the rule that only the event store says Axon, H2 or Caffeine. */
public interface BorrowsAnEngine {
    org.h2.Driver driver();
}
