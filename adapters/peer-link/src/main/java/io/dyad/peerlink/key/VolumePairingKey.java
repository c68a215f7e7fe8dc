package io.dyad.peerlink.key;

import java.util.UUID;

/** What StartVolumePairing hands to the administrator. It finds the cluster pair by {@code mvip} and holds no credential. */
public record VolumePairingKey(String mvip, long volumeID, String volumeName, UUID volumePairUUID) { }
