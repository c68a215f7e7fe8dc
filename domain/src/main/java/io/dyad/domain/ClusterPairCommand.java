package io.dyad.domain;

import java.util.UUID;

/** What this cluster's half of a cluster pair is asked. */
public sealed interface ClusterPairCommand extends Command {
    ClusterPairId id();

    @Override default String aggregate() { return "cluster-pair/" + id(); }

    /** StartClusterPairing. */
    record OfferClusterPair(ClusterPairId id, UUID uuid) implements ClusterPairCommand { }

    /** CompleteClusterPairing, before the starter is asked. */
    record JoinClusterPair(ClusterPairId id, UUID uuid, String uniqueId, String mvip) implements ClusterPairCommand { }

    /** The starter's side of a completion: someone has proved the key. */
    record AcceptClusterPair(ClusterPairId id, PeerCluster peer) implements ClusterPairCommand { }

    /** The completer's side: the starter has accepted. */
    record ConfirmClusterPair(ClusterPairId id, PeerCluster peer) implements ClusterPairCommand { }

    /** The completion failed before the starter accepted. */
    record AbandonClusterPair(ClusterPairId id) implements ClusterPairCommand { }

    /** What the peer says of itself now. */
    record NotePeerCluster(ClusterPairId id, PeerCluster peer) implements ClusterPairCommand { }

    /** A volume pair is about to use this cluster pair. */
    record AttachVolume(ClusterPairId id, VolumeId volume) implements ClusterPairCommand { }

    record DetachVolume(ClusterPairId id, VolumeId volume) implements ClusterPairCommand { }

    /** The peer no longer knows this pair. */
    record OrphanClusterPair(ClusterPairId id) implements ClusterPairCommand { }

    /** A milestone of the link; {@code count}: how often it changed since the last one. */
    record ReportLink(ClusterPairId id, boolean up, int count) implements ClusterPairCommand { }

    record RemoveClusterPair(ClusterPairId id) implements ClusterPairCommand { }
}
