package io.dyad.jsonrpc;

import io.dyad.cluster.History;
import io.dyad.domain.ClusterPairEvent.LinkReported;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Fault;
import io.dyad.domain.FaultCode;
import io.dyad.domain.FaultsState.Resolved;
import io.dyad.domain.VolumeEvent.VolumePurged;
import io.dyad.domain.VolumeEvent.VolumeRestored;
import io.dyad.domain.VolumeId;
import java.time.Instant;
import java.util.List;

/** A past of three events, a fault that stands and one that ended. */
final class FakeHistory implements History {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ClusterPairId PAIR = new ClusterPairId(1);
    private static final VolumeId VOLUME = new VolumeId(7);

    @Override public List<Recorded> events() {
        return List.of(
            new Recorded(1, NOON, new Cause("admin", "RestoreDeletedVolume"), "volume/7", 0, new VolumeRestored(VOLUME)),
            new Recorded(2, NOON.plusSeconds(1), new Cause("system", "link"), "cluster-pair/1", 0, new LinkReported(PAIR, false, 1)),
            new Recorded(3, NOON.plusSeconds(2), new Cause("system", "expiry"), "volume/7", 1, new VolumePurged(VOLUME)));
    }

    volatile Fault standing = new Fault(2, FaultCode.CLUSTER_FULL, "volume/7", "Volume 7 is PausedClusterFull", NOON.plusSeconds(2));

    @Override public List<Fault> faults() { return List.of(standing); }

    @Override public List<Resolved> resolvedFaults() {
        return List.of(new Resolved(new Fault(1, FaultCode.DISCONNECTED_CLUSTER_PAIR, "cluster-pair/1", "Cluster pair 1 with DR is Disconnected", NOON), NOON.plusSeconds(9)));
    }
}
