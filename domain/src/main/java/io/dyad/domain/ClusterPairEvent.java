package io.dyad.domain;

import java.util.UUID;

/** What happened to this cluster's half of a cluster pair. */
public sealed interface ClusterPairEvent extends Event {
    ClusterPairId id();

    @Override default String aggregate() { return "cluster-pair/" + id(); }

    record ClusterPairOffered(ClusterPairId id, UUID uuid) implements ClusterPairEvent { }

    record ClusterPairJoining(ClusterPairId id, UUID uuid, String uniqueId, String mvip) implements ClusterPairEvent { }

    record ClusterPairAccepted(ClusterPairId id, PeerCluster peer) implements ClusterPairEvent { }

    record ClusterPairConfirmed(ClusterPairId id, PeerCluster peer) implements ClusterPairEvent { }

    record ClusterPairAbandoned(ClusterPairId id) implements ClusterPairEvent { }

    record PeerClusterNoted(ClusterPairId id, PeerCluster peer) implements ClusterPairEvent { }

    record VolumeAttached(ClusterPairId id, VolumeId volume) implements ClusterPairEvent { }

    record VolumeDetached(ClusterPairId id, VolumeId volume) implements ClusterPairEvent { }

    record ClusterPairOrphaned(ClusterPairId id) implements ClusterPairEvent { }

    record LinkReported(ClusterPairId id, boolean up, int count) implements ClusterPairEvent { }

    record ClusterPairRemoved(ClusterPairId id) implements ClusterPairEvent { }
}
