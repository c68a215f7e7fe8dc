package io.dyad.replication.culprits;

/** Breaks the rule that threads belong to adapters. */
public interface StartsAThread {
    java.util.concurrent.ScheduledExecutorService threads();
}
