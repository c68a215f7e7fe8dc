package io.dyad.cluster;

import io.dyad.cluster.Cluster.PairedCluster;
import io.dyad.cluster.Cluster.StartedPairing;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.ClusterPairState;
import io.dyad.domain.ClusterState;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.domain.PeerCluster;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.VolumeId;
import io.dyad.peerlink.key.ClusterPairingKey;
import io.dyad.peerlink.key.InvalidKeyException;
import io.dyad.peerlink.key.PairingKeys;
import io.dyad.peerlink.key.VolumePairingKey;
import io.dyad.replication.pairing.ClusterPairing;
import io.dyad.replication.pairing.Coordinator;
import io.dyad.replication.pairing.PeerNetwork;
import io.dyad.replication.pairing.View;
import io.dyad.replication.pairing.VolumePairing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How a cluster's clients pair it and its volumes: pairing keys go out and come in as text, and each step behind them is the
 * {@link Coordinator}'s. Any thread.
 */
final class LocalPairs {
    /** A completion waits so long for its link, so that what comes next finds it. */
    private static final long LINK_TIMEOUT_NS = 5_000_000_000L;
    private final Coordinator coordinator;
    private final View view;
    private final LocalVolumes volumes;
    private final String mvip;

    /** {@code mvip}: where clients reach this cluster. */
    LocalPairs(Coordinator coordinator, LocalVolumes volumes, String mvip) {
        this.coordinator = coordinator;
        this.view = coordinator.node().view();
        this.volumes = volumes;
        this.mvip = mvip;
    }

    // ---- clusters ----

    StartedPairing startClusterPairing(Cause cause) {
        ClusterPairing.Started started = coordinator.clusters().start(cause);
        PeerNetwork.Credential secret = started.credential();
        ClusterState.Identity own = view.formed().identity();
        return new StartedPairing(started.id(), PairingKeys.encode(new ClusterPairingKey(started.id().value(), started.uuid(), own.uniqueId(), mvip, own.name(),
            secret.password(), secret.rpcConnectionId(), secret.username(), Optional.of(secret.certificateFingerprint()), Optional.of(secret.link()))));
    }

    ClusterPairId completeClusterPairing(String clusterPairingKey, Cause cause) {
        ClusterPairingKey key;
        try {
            key = PairingKeys.clusterPairingKey(clusterPairingKey);
        } catch (InvalidKeyException e) {
            throw new RefusedException(Refusal.INVALID_KEY, String.valueOf(e.getMessage()));
        }
        String link = key.link().orElseGet(() -> key.mvip().replaceFirst(":\\d+$", "") + ":" + Assembly.DEFAULT_LINK_PORT);
        PeerNetwork.Offer offer = new PeerNetwork.Offer(key.clusterPairUUID(), link, key.username(), key.password(), key.certificateFingerprint().orElse(""));
        ClusterPairId id = coordinator.clusters().complete(offer, key.clusterUniqueID(), key.mvip(), cause);
        try {
            coordinator.awaitLink(id, LINK_TIMEOUT_NS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return id;
    }

    List<PairedCluster> clusterPairs() {
        List<PairedCluster> pairs = new ArrayList<>();
        view.clusterPairs().forEach((id, state) -> {
            switch (state) {
                case ClusterPairState.Offered s  -> pairs.add(pending(id, s.uuid(), ""));
                case ClusterPairState.Joining s  -> pairs.add(pending(id, s.uuid(), s.mvip()));
                case ClusterPairState.Paired s   -> pairs.add(known(id, s.uuid(), s.peer()));
                case ClusterPairState.Orphaned s -> pairs.add(known(id, s.uuid(), s.peer()));
                case ClusterPairState.Absent s   -> { }
                case ClusterPairState.Removed s  -> { }
            }
        });
        return pairs;
    }

    private PairedCluster pending(ClusterPairId id, UUID uuid, String peerMvip) {
        return new PairedCluster(id, uuid, "", "", peerMvip, "", coordinator.statusOf(id), 0);
    }

    private PairedCluster known(ClusterPairId id, UUID uuid, PeerCluster peer) {
        long latencyMillis = Math.ceilDiv(coordinator.latencyNs(uuid), 1_000_000L);
        return new PairedCluster(id, uuid, peer.name(), peer.uniqueId(), peer.mvip(), peer.version(), coordinator.statusOf(id), latencyMillis);
    }

    // ---- volumes ----

    String startVolumePairing(VolumeId id, Mode mode, Cause cause) {
        UUID uuid = coordinator.node().startVolumePairing(id, mode, cause);
        String name = volumes.known(id).volume().name();
        return PairingKeys.encode(new VolumePairingKey(mvip, id.value(), name, uuid));
    }

    void completeVolumePairing(VolumeId id, String volumePairingKey, Cause cause) {
        VolumePairingKey key;
        try {
            key = PairingKeys.volumePairingKey(volumePairingKey);
        } catch (InvalidKeyException e) {
            throw new RefusedException(Refusal.INVALID_PAIRING_KEY, String.valueOf(e.getMessage()));
        }
        coordinator.volumes().complete(id, new VolumePairing.Key(key.mvip(), key.volumeID(), key.volumeName(), key.volumePairUUID()), cause);
        coordinator.reconcile(id);
    }
}
