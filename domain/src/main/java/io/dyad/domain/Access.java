package io.dyad.domain;

import java.util.Arrays;
import java.util.Optional;

/** Who may do what with a volume's blocks; it alone sets the direction of a pair ({@code Element 12.x API, volume access}). */
public enum Access {
    READ_ONLY("readOnly"), READ_WRITE("readWrite"), LOCKED("locked"), REPLICATION_TARGET("replicationTarget"), SNAP_MIRROR_TARGET("snapMirrorTarget");

    private final String wire;

    Access(String wire) { this.wire = wire; }

    public String wire() { return wire; }

    public static Optional<Access> ofWire(String wire) { return Arrays.stream(values()).filter(a -> a.wire.equalsIgnoreCase(wire)).findFirst(); }
}
