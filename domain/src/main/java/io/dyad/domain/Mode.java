package io.dyad.domain;

import java.util.Arrays;
import java.util.Optional;

/** When a host's write is acknowledged, and what is shipped. */
public enum Mode {
    ASYNC("Async"), SYNC("Sync"), SNAPSHOTS_ONLY("SnapshotsOnly");

    private final String wire;

    Mode(String wire) { this.wire = wire; }

    public String wire() { return wire; }

    public static Optional<Mode> ofWire(String wire) { return Arrays.stream(values()).filter(m -> m.wire.equalsIgnoreCase(wire)).findFirst(); }
}
