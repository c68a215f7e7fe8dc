package io.dyad.eventstore;

/**
 * What tests vary of a log: H2's file system prefix, the statement that makes all commits before it durable,
 * after how many events an aggregate is snapshot, and how many aggregates stay in memory.
 */
record Tuning(String fileSystem, String syncStatement, int snapshotEvery, int cachedAggregates) {
    static final Tuning DEFAULT = new Tuning("file:", "CHECKPOINT SYNC", 50, 16_384);
}
