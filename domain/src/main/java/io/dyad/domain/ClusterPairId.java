package io.dyad.domain;

/** A cluster pair's number on this cluster, 1 and up; the other end has its own. */
public record ClusterPairId(long value) implements Comparable<ClusterPairId> {
    public ClusterPairId {
        if (value < 1) throw new IllegalArgumentException("cluster pair id " + value + " is below 1");
    }

    @Override public int compareTo(ClusterPairId other) { return Long.compare(value, other.value); }

    @Override public String toString() { return Long.toString(value); }
}
