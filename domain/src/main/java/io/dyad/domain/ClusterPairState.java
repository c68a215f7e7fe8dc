package io.dyad.domain;

import java.util.Set;
import java.util.UUID;

/** This cluster's half of a cluster pair. */
public sealed interface ClusterPairState extends State {
    /** Nobody has started it. */
    record Absent() implements ClusterPairState { }

    /** A key is out; nobody has completed it. */
    record Offered(UUID uuid) implements ClusterPairState { }

    /** We hold another cluster's key and are asking it to accept us. */
    record Joining(UUID uuid, String uniqueId, String mvip) implements ClusterPairState { }

    /** Both ends agreed. {@code dials}: we completed the pairing, so we connect to the other end. */
    record Paired(UUID uuid, boolean dials, PeerCluster peer, Set<VolumeId> volumes) implements ClusterPairState {
        public Paired { volumes = Set.copyOf(volumes); }
    }

    /** The other end has removed its half; ours waits to be removed. */
    record Orphaned(UUID uuid, PeerCluster peer, Set<VolumeId> volumes) implements ClusterPairState {
        public Orphaned { volumes = Set.copyOf(volumes); }
    }

    /** It is gone; its number is not used again. */
    record Removed() implements ClusterPairState { }
}
