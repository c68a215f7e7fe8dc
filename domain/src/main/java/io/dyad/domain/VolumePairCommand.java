package io.dyad.domain;

import java.util.Optional;
import java.util.UUID;

/** What a volume's half of a volume pair is asked. */
public sealed interface VolumePairCommand extends Command {
    VolumeId volume();

    @Override default String aggregate() { return "volume-pair/" + volume(); }

    /** StartVolumePairing. */
    record OfferPair(VolumeId volume, UUID uuid, Mode mode) implements VolumePairCommand { }

    /** CompleteVolumePairing, before the starter is asked. */
    record JoinPair(VolumeId volume, UUID uuid, ClusterPairId cluster, long remoteVolumeId, String remoteName) implements VolumePairCommand { }

    /** The starter's side of a completion. */
    record AcceptPair(VolumeId volume, UUID uuid, ClusterPairId cluster, PeerVolume peer) implements VolumePairCommand { }

    /** The completer's side: the starter has accepted, in this mode. */
    record ConfirmPair(VolumeId volume, UUID uuid, PeerVolume peer, ReplicationMode mode) implements VolumePairCommand { }

    /** The completion failed before the starter accepted. */
    record AbandonPair(VolumeId volume, UUID uuid) implements VolumePairCommand { }

    /** ModifyVolumePair; empty members stay as they are. */
    record ModifyPair(VolumeId volume, Optional<Boolean> pausedManual, Optional<Mode> mode) implements VolumePairCommand { }

    /** What the peer says of its half now. */
    record NotePeer(VolumeId volume, UUID uuid, PeerVolume peer, ReplicationMode mode) implements VolumePairCommand { }

    /** The peer no longer knows this pair. */
    record SeverPair(VolumeId volume, UUID uuid) implements VolumePairCommand { }

    /** The data plane has something to remember. {@code count}: how often since it was last said. */
    record ReportMilestone(VolumeId volume, UUID uuid, Milestone milestone, String detail, int count) implements VolumePairCommand { }

    /** RemoveVolumePair. */
    record RemovePair(VolumeId volume) implements VolumePairCommand { }
}
