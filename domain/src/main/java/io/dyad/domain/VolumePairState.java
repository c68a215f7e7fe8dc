package io.dyad.domain;

import java.util.UUID;

/** A volume's half of a volume pair; one volume has one at most. */
public sealed interface VolumePairState extends State {
    /** The volume stands alone. */
    record Unpaired() implements VolumePairState { }

    /** A key is out; nobody has completed it. */
    record Offered(UUID uuid, Mode mode) implements VolumePairState { }

    /** We hold another volume's key and are asking its cluster to accept us. */
    record Joining(UUID uuid, ClusterPairId cluster, long remoteVolumeId, String remoteName) implements VolumePairState { }

    /** Both ends agreed, and this end lets data flow. */
    record Mirroring(Half half) implements VolumePairState { }

    /** Both ends agreed, and this end was told to hold the data back. */
    record Paused(Half half) implements VolumePairState { }

    /** The other end has removed or purged its half; ours waits to be removed. */
    record Severed(Half half) implements VolumePairState { }

    /** What is known of a completed pair on this end. */
    record Half(UUID uuid, ClusterPairId cluster, PeerVolume peer, ReplicationMode mode) {
        Half withPeer(PeerVolume now) { return new Half(uuid, cluster, now, mode); }

        Half withMode(ReplicationMode now) { return new Half(uuid, cluster, peer, now); }
    }
}
