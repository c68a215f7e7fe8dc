package io.dyad.domain;

/** A cluster admin's number on its cluster, 1 and up. */
public record AdminId(long value) implements Comparable<AdminId> {
    public AdminId {
        if (value < 1) throw new IllegalArgumentException("admin id " + value + " is below 1");
    }

    @Override public int compareTo(AdminId other) { return Long.compare(value, other.value); }

    @Override public String toString() { return Long.toString(value); }
}
