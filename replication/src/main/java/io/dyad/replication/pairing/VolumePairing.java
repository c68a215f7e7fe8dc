package io.dyad.replication.pairing;

import io.dyad.domain.Access;
import io.dyad.domain.ClusterPairCommand.AttachVolume;
import io.dyad.domain.ClusterPairCommand.DetachVolume;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.ClusterPairState.Paired;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.domain.PeerVolume;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.ReplicationMode;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairCommand.AbandonPair;
import io.dyad.domain.VolumePairCommand.AcceptPair;
import io.dyad.domain.VolumePairCommand.ConfirmPair;
import io.dyad.domain.VolumePairCommand.JoinPair;
import io.dyad.domain.VolumePairCommand.NotePeer;
import io.dyad.domain.VolumePairCommand.SeverPair;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.domain.VolumePairState.Joining;
import io.dyad.domain.VolumePairState.Mirroring;
import io.dyad.domain.VolumePairState.Offered;
import io.dyad.domain.VolumePairState.Paused;
import io.dyad.domain.VolumePairState.Severed;
import io.dyad.domain.VolumePairState.Unpaired;
import io.dyad.domain.VolumeState;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.Standing;
import io.dyad.replication.pairing.PeerMessage.JoinVolume;
import io.dyad.replication.pairing.PeerMessage.PairReport;
import io.dyad.replication.pairing.PeerMessage.Refused;
import io.dyad.replication.pairing.PeerMessage.Report;
import io.dyad.replication.pairing.PeerMessage.VolumeJoined;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How two volumes become a pair, and how the ends keep each other informed: whole reports, numbered, at connect and at each
 * change, so that whatever a crash or a cut swallowed is made good by the next one.
 */
public final class VolumePairing {
    /** What a volume pairing key says. */
    public record Key(String mvip, long volumeId, String volumeName, UUID uuid) { }

    private final ClusterNode node;
    private final View view;
    private final PeerNetwork network;
    private final ClusterPairing clusters;
    private final Hosting hosting;
    private final AtomicLong number;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Map<UUID, Long> heard = new ConcurrentHashMap<>();
    private final SnapshotExchange snapshots;
    private final Map<VolumeId, String> peerState = new ConcurrentHashMap<>();
    private final Map<VolumeId, Standing> peerStanding = new ConcurrentHashMap<>();

    VolumePairing(ClusterNode node, PeerNetwork network, ClusterPairing clusters, Hosting hosting, SnapshotExchange snapshots, Ticker ticker) {
        this.node = node;
        this.view = node.view();
        this.network = network;
        this.clusters = clusters;
        this.hosting = hosting;
        this.snapshots = snapshots;
        this.number = new AtomicLong(ticker.now().toEpochMilli() * 1000);
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
            switch (network.call(clusterUuid, new JoinVolume(number.incrementAndGet(), report(volume, key.uuid(), ReplicationMode.NONE)))) {
                case VolumeJoined j -> {
                    confirm(clusterUuid, j.number(), new ConfirmPair(id, key.uuid(), peer(j.starter()), mode(j.starter())), cause);
                }
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
        oneAtATime.lock();
        try {
            heard.merge(clusterUuid, number, Math::max);
            node.execute(command, cause);
        } finally {
            oneAtATime.unlock();
        }
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
    PeerMessage joined(UUID clusterUuid, JoinVolume join) {
        oneAtATime.lock();                               // as in confirm
        try {
            return accepted(clusterUuid, join);
        } finally {
            oneAtATime.unlock();
        }
    }

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
            node.execute(new AcceptPair(id, completer.volumePairUuid(), cluster, peer(completer)), cause);
        } catch (RefusedException e) {
            detach(id, cluster, cause);
            return new Refused(e.refusal().name(), String.valueOf(e.getMessage()));
        }
        heard.merge(clusterUuid, join.number(), Math::max);
        Half half = view.half(id).orElseThrow();
        return new VolumeJoined(number.incrementAndGet(), report(a.volume(), half.uuid(), half.mode()));
    }

    /** Everything this end has to say to that peer. */
    Report report(UUID clusterUuid) {
        long now = number.incrementAndGet();
        ClusterPairId cluster = view.clusterPair(clusterUuid).orElseThrow();
        List<PairReport> pairs = view.volumes().keySet().stream().map(id -> reportOf(id, cluster)).filter(Objects::nonNull).toList();
        return new Report(now, clusters.introduction(clusterUuid, cluster), pairs);
    }

    private @Nullable PairReport reportOf(VolumeId id, ClusterPairId cluster) {
        Volume volume = switch (view.volume(id)) {
            case VolumeState.Active s  -> s.volume();
            case VolumeState.Deleted s -> s.volume();
            case VolumeState.Absent s  -> null;
            case VolumeState.Purged s  -> null;
        };
        if (volume == null) return null;
        return switch (view.pairOf(id)) {
            case Joining s when s.cluster().equals(cluster)          -> report(volume, s.uuid(), ReplicationMode.NONE);
            case Mirroring s when s.half().cluster().equals(cluster) -> report(volume, s.half().uuid(), s.half().mode());
            case Paused s when s.half().cluster().equals(cluster)    -> report(volume, s.half().uuid(), s.half().mode());
            case Unpaired s  -> null;
            case Offered s   -> null;
            case Severed s   -> null;
            case Joining s   -> null;
            case Mirroring s -> null;
            case Paused s    -> null;
        };
    }

    private PairReport report(Volume v, UUID uuid, ReplicationMode mode) {
        String phase = hosting.status(v.id()).map(Direction::phase).orElse("");
        return new PairReport(uuid, v.id().value(), v.name(), v.access().name(), v.sizeBytes(), view.volume(v.id()) instanceof VolumeState.Deleted,
            view.pairOf(v.id()) instanceof Paused, mode.mode().name(), mode.revision(), phase, snapshots.report(v.id()), hosting.standing(v.id()));
    }

    /** Takes in what a peer says of its ends; late news is no news. Answers the volumes of whose snapshots it said something new. */
    Set<VolumeId> heard(UUID clusterUuid, Report report) {
        oneAtATime.lock();                               // or older news, checked earlier, could be taken in later
        try {
            return takeIn(clusterUuid, report);
        } finally {
            oneAtATime.unlock();
        }
    }

    private Set<VolumeId> takeIn(UUID clusterUuid, Report report) {
        if (heard.merge(clusterUuid, report.number(), Math::max) != report.number()) return Set.of();
        Set<VolumeId> news = new HashSet<>();
        ClusterPairId cluster = view.clusterPair(clusterUuid).orElseThrow();
        clusters.noted(cluster, report.cluster());
        Cause cause = new Cause("peer " + report.cluster().name(), "Report");
        Map<UUID, PairReport> theirs = report.volumePairs().stream().collect(Collectors.toMap(PairReport::volumePairUuid, r -> r, (a, b) -> b));
        for (VolumeId id : view.volumes().keySet()) {
            Optional<Half> half = view.half(id).filter(h -> h.cluster().equals(cluster));
            if (half.isEmpty()) continue;
            PairReport r = theirs.get(half.get().uuid());
            peerState.put(id, r == null ? "" : r.phase());
            peerStanding.put(id, r == null ? Standing.none() : r.standing());
            if (r == null) node.execute(new SeverPair(id, half.get().uuid()), cause);
            else if (isNews(id, half.get(), r)) node.execute(new NotePeer(id, half.get().uuid(), peer(r), mode(r)), cause);
            if (r != null && view.volume(id) instanceof VolumeState.Active v
                && snapshots.heard(id, Direction.role(v.volume().access(), Access.valueOf(r.access())), r.snapshots(), cause)) news.add(id);
        }
        return news;
    }

    private boolean isNews(VolumeId id, Half half, PairReport r) {
        return view.pairOf(id) instanceof Severed || !half.peer().equals(peer(r)) || !half.mode().equals(mode(r));
    }

    /** The link is up anew: what the peer says now is news, however it counts. */
    void forgetNumber(UUID clusterUuid) {
        oneAtATime.lock();
        try {
            heard.remove(clusterUuid);
        } finally {
            oneAtATime.unlock();
        }
    }

    /** True when the other end said last that it is in sync; only meaningful while the link is up. */
    String peerState(VolumeId id) { return peerState.getOrDefault(id, ""); }

    /** Where the other end said last that it stands. */
    Standing peerStanding(VolumeId id) { return peerStanding.getOrDefault(id, Standing.none()); }

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

    private static PeerVolume peer(PairReport r) {
        return new PeerVolume(r.volumeId(), r.volumeName(), Access.valueOf(r.access()), r.sizeBytes(), r.deleted(), r.pausedManual());
    }

    private static ReplicationMode mode(PairReport r) { return new ReplicationMode(Mode.valueOf(r.mode()), r.modeRevision()); }
}
