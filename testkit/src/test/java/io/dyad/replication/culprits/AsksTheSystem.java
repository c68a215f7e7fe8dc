package io.dyad.replication.culprits;

import java.time.Instant;
import java.util.function.Supplier;

/** Breaks the rule that time and ids are not asked for: by one method reference, the form easiest to miss. */
public final class AsksTheSystem {
    public final Supplier<Instant> now = Instant::now;
}
