package io.dyad.cluster;

import java.time.Instant;
import java.util.Optional;

/** What is to change of a snapshot; empty members stay as they are. */
public record SnapshotChange(Optional<Boolean> replicated, Optional<Instant> expires, Optional<String> label) { }
