package io.dyad.replication.pairing;

import io.dyad.domain.ClusterPairCommand.AttachVolume;
import io.dyad.domain.ClusterPairCommand.DetachVolume;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.ClusterPairState.Paired;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.ReplicationMode;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairCommand.AbandonPair;
import io.dyad.domain.VolumePairCommand.AcceptPair;
import io.dyad.domain.VolumePairCommand.ConfirmPair;
import io.dyad.domain.VolumePairCommand.JoinPair;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.domain.VolumePairState.Joining;
import io.dyad.domain.VolumePairState.Mirroring;
import io.dyad.domain.VolumePairState.Offered;
import io.dyad.domain.VolumePairState.Paused;
import io.dyad.domain.VolumePairState.Severed;
import io.dyad.domain.VolumePairState.Unpaired;
import io.dyad.domain.VolumeState;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.pairing.PeerMessage.JoinVolume;
import io.dyad.replication.pairing.PeerMessage.PairReport;
import io.dyad.replication.pairing.PeerMessage.Refused;
import io.dyad.replication.pairing.PeerMessage.VolumeJoined;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How two volumes become a pair: steps on both clusters, each durable before the next, idempotent by the pair's UUID. Any thread.
 *
 * <pre>
 *   starter:   Offered   ── key, by hand ──>      completer: Joining
 *   starter:   Mirroring <── JoinVolume ──        completer
 *   starter    ── VolumeJoined ──>                completer: Mirroring, and both {@link PairReports report} from now on
 * </pre>
 */
public final class VolumePairing {
    /** What a volume pairing key says. */
    public record Key(String mvip, long volumeId, String volumeName, UUID uuid) { }

    private final ClusterNode node;
    private final View view;
    private final PeerNetwork network;
    private final PairReports reports;

    VolumePairing(ClusterNode node, PeerNetwork network, PairReports reports) {
        this.node = node;
        this.view = node.view();
        this.network = network;
        this.reports = reports;
    }

    /** CompleteVolumePairing. */
    public void complete(VolumeId id, Key key, Cause cause) {
        Volume volume = node.active(id);
        if (!(view.pairOf(id) instanceof Unpaired || view.pairOf(id) instanceof Joining))
            throw new RefusedException(Refusal.VOLUME_ALREADY_PAIRED, "volume " + id + " is paired already");
        ClusterPairId cluster = clusterAt(key.mvip());
        if (halves(key.uuid()).anyMatch(other -> !other.equals(id)))
            throw new RefusedException(Refusal.INVALID_PAIRING_KEY, "the key has served already");       // before two volumes are reported under one pair
        UUID clusterUuid = View.uuidOf(view.clusterPair(cluster));
        node.execute(new AttachVolume(cluster, id), cause);
        try {
            node.execute(new JoinPair(id, key.uuid(), cluster, key.volumeId(), key.volumeName()), cause);
            switch (network.call(clusterUuid, new JoinVolume(reports.nextNumber(), reports.report(volume, key.uuid(), ReplicationMode.NONE)))) {
                case VolumeJoined j -> confirm(clusterUuid, j.number(), new ConfirmPair(id, key.uuid(), PairReports.peer(j.starter()), PairReports.mode(j.starter())), cause);
                case Refused r -> throw new RefusedException(Refusal.valueOf(r.refusal()), r.detail());
                case PeerMessage other -> throw new RefusedException(Refusal.PEER_UNREACHABLE, "the other cluster answered " + other.getClass().getSimpleName());
            }
        } catch (RefusedException e) {
            abandon(id, key.uuid(), cluster, cause);
            throw e;
        } catch (LinkDownException e) {
            abandon(id, key.uuid(), cluster, cause);
            throw new RefusedException(Refusal.PEER_UNREACHABLE, "the cluster at " + key.mvip() + " did not answer: " + e.getMessage());
        }
    }

    /** Not beside a report from before the pair, which lacks it and would sever it. */
    private void confirm(UUID clusterUuid, long number, ConfirmPair command, Cause cause) {
        reports.alone(() -> {
            reports.heardUpTo(clusterUuid, number);
            return node.execute(command, cause);
        });
    }

    private ClusterPairId clusterAt(String mvip) {
        return view.clusterPairs().entrySet().stream().filter(e -> e.getValue() instanceof Paired p && p.peer().mvip().equals(mvip))
            .map(Map.Entry::getKey).findFirst()
            .orElseThrow(() -> new RefusedException(Refusal.MVIP_NOT_PAIRED, "no cluster pair with " + mvip));
    }

    private void abandon(VolumeId id, UUID uuid, ClusterPairId cluster, Cause cause) {
        node.execute(new AbandonPair(id, uuid), cause);
        detach(id, cluster, cause);
    }

    private void detach(VolumeId id, ClusterPairId cluster, Cause cause) {
        boolean inUse = view.pairOf(id) instanceof Joining || view.half(id).isPresent();
        if (!inUse) node.execute(new DetachVolume(cluster, id), cause);
    }

    /** The starter's side of a completion. */
    PeerMessage joined(UUID clusterUuid, JoinVolume join) { return reports.alone(() -> accepted(clusterUuid, join)); }        // as in confirm

    private PeerMessage accepted(UUID clusterUuid, JoinVolume join) {
        PairReport completer = join.completer();
        Optional<VolumeId> offered = halves(completer.volumePairUuid()).findFirst();
        if (offered.isEmpty() || !(view.volume(offered.get()) instanceof VolumeState.Active a))
            return new Refused(Refusal.INVALID_PAIRING_KEY.name(), "the key is stale: its volume pairing is not offered any more");
        VolumeId id = offered.get();
        ClusterPairId cluster = view.clusterPair(clusterUuid).orElseThrow();
        Cause cause = new Cause("peer", "JoinVolume");
        try {
            node.execute(new AttachVolume(cluster, id), cause);
            node.execute(new AcceptPair(id, completer.volumePairUuid(), cluster, PairReports.peer(completer)), cause);
        } catch (RefusedException e) {
            detach(id, cluster, cause);
            return new Refused(e.refusal().name(), String.valueOf(e.getMessage()));
        }
        reports.heardUpTo(clusterUuid, join.number());
        Half half = view.half(id).orElseThrow();
        return new VolumeJoined(reports.nextNumber(), reports.report(a.volume(), half.uuid(), half.mode()));
    }

    /** The volumes here that stand under that pair, whole or begun. */
    private Stream<VolumeId> halves(UUID pair) { return view.volumes().keySet().stream().filter(id -> pair.equals(pairUuid(id))); }

    private UUID pairUuid(VolumeId id) {
        return switch (view.pairOf(id)) {
            case Unpaired s  -> new UUID(0, 0);
            case Offered s   -> s.uuid();
            case Joining s   -> s.uuid();
            case Mirroring s -> s.half().uuid();
            case Paused s    -> s.half().uuid();
            case Severed s   -> s.half().uuid();
        };
    }
}
