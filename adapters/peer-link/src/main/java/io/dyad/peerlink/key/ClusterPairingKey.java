package io.dyad.peerlink.key;

import java.util.Optional;
import java.util.UUID;

/**
 * What StartClusterPairing hands to the administrator: who the starter is and a credential to complete the pairing with.
 * The last two members are ours; a key of another maker has neither. {@code link} is the HOST:PORT where peers are accepted.
 */
public record ClusterPairingKey(long clusterPairID, UUID clusterPairUUID, String clusterUniqueID, String mvip, String name, String password,
                                long rpcConnectionID, String username, Optional<String> certificateFingerprint, Optional<String> link) {
    @Override public String toString() { return "ClusterPairingKey[" + clusterPairUUID + " of " + name + "]"; }
}
