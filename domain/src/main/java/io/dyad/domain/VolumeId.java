package io.dyad.domain;

/** A volume's number on its own cluster, 1 and up; the peer's copy has another. */
public record VolumeId(long value) implements Comparable<VolumeId> {
    public VolumeId {
        if (value < 1) throw new IllegalArgumentException("volume id " + value + " is below 1");
    }

    @Override public int compareTo(VolumeId other) { return Long.compare(value, other.value); }

    @Override public String toString() { return Long.toString(value); }
}
