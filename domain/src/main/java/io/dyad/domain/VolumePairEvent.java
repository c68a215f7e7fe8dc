package io.dyad.domain;

import java.util.UUID;

/** What happened to a volume's half of a volume pair. */
public sealed interface VolumePairEvent extends Event {
    VolumeId volume();

    @Override default String aggregate() { return "volume-pair/" + volume(); }

    record PairOffered(VolumeId volume, UUID uuid, Mode mode) implements VolumePairEvent { }

    record PairJoining(VolumeId volume, UUID uuid, ClusterPairId cluster, long remoteVolumeId, String remoteName) implements VolumePairEvent { }

    record PairAccepted(VolumeId volume, UUID uuid, ClusterPairId cluster, PeerVolume peer) implements VolumePairEvent { }

    record PairConfirmed(VolumeId volume, UUID uuid, PeerVolume peer, ReplicationMode mode) implements VolumePairEvent { }

    record PairAbandoned(VolumeId volume, UUID uuid) implements VolumePairEvent { }

    record PairPaused(VolumeId volume) implements VolumePairEvent { }

    record PairResumed(VolumeId volume) implements VolumePairEvent { }

    record PairModeChanged(VolumeId volume, ReplicationMode mode) implements VolumePairEvent { }

    record PeerVolumeNoted(VolumeId volume, PeerVolume peer) implements VolumePairEvent { }

    record PairSevered(VolumeId volume, UUID uuid) implements VolumePairEvent { }

    record MilestoneReached(VolumeId volume, UUID uuid, Milestone milestone, String detail, int count) implements VolumePairEvent { }

    record PairRemoved(VolumeId volume, UUID uuid) implements VolumePairEvent { }
}
