package io.dyad.domain;

import java.util.Arrays;
import java.util.Optional;

/** What can be amiss with replication, or with blocks that it cannot repair, for a while (Element 12.x API, ListClusterFaults). */
public enum FaultCode {
    DISCONNECTED_CLUSTER_PAIR("disconnectedClusterPair"),
    ASYNC_DELAY_EXCEEDED("remoteRepAsyncDelayExceeded"),
    CLUSTER_FULL("remoteRepClusterFull"),
    SNAPSHOT_CLUSTER_FULL("remoteRepSnapshotClusterFull"),
    SNAPSHOTS_EXCEEDED_LIMIT("remoteRepSnapshotsExceededLimit"),
    BLOCKS_DEGRADED("blocksDegraded");

    private final String wire;

    FaultCode(String wire) { this.wire = wire; }

    public String wire() { return wire; }

    public static Optional<FaultCode> ofWire(String text) { return Arrays.stream(values()).filter(c -> c.wire.equals(text)).findFirst(); }
}
