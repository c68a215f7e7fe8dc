package io.dyad.domain;

/** A snapshot's number on its own cluster, 1 and up. */
public record SnapshotId(long value) implements Comparable<SnapshotId> {
    public SnapshotId {
        if (value < 1) throw new IllegalArgumentException("snapshot id " + value + " is below 1");
    }

    @Override public int compareTo(SnapshotId other) { return Long.compare(value, other.value); }

    @Override public String toString() { return Long.toString(value); }
}
