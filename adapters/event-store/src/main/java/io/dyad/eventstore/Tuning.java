package io.dyad.eventstore;

/**
 * What tests vary of a log: H2's file system prefix, the statement that makes all commits before it durable,
 * how long H2 leaves outdated chunks of the file alone, after how many events an aggregate is snapshot, and how many aggregates stay in memory.
 */
record Tuning(String fileSystem, String syncStatement, int retentionMs, int snapshotEvery, int cachedAggregates) {
    static final Tuning DEFAULT = new Tuning("file:", "CHECKPOINT SYNC", 45_000, 50, 16_384);
}
