package io.dyad.domain;

/** A volume access group's number on its cluster, 1 and up. */
public record VolumeAccessGroupId(long value) implements Comparable<VolumeAccessGroupId> {
    public VolumeAccessGroupId {
        if (value < 1) throw new IllegalArgumentException("volume access group id " + value + " is below 1");
    }

    @Override public int compareTo(VolumeAccessGroupId other) { return Long.compare(value, other.value); }

    @Override public String toString() { return Long.toString(value); }
}
