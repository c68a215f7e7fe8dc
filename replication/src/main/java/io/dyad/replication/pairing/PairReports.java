package io.dyad.replication.pairing;

import io.dyad.domain.Access;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.domain.PeerVolume;
import io.dyad.domain.ReplicationMode;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
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
import io.dyad.replication.pairing.PeerMessage.PairReport;
import io.dyad.replication.pairing.PeerMessage.Report;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the ends of volume pairs tell each other: whole reports, numbered, so that whatever a crash or a cut swallowed is made
 * good by the next one. When they are sent is {@link PeerReports}'. Any thread; one takes in at a time.
 */
final class PairReports {
    private final ClusterNode node;
    private final View view;
    private final ClusterPairing clusters;
    private final Hosting hosting;
    private final SnapshotExchange snapshots;
    private final PeerEnds ends;
    private final AtomicLong number;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Map<UUID, Long> heard = new ConcurrentHashMap<>();

    PairReports(ClusterNode node, ClusterPairing clusters, Hosting hosting, SnapshotExchange snapshots, Ticker ticker) {
        this.node = node;
        this.view = node.view();
        this.clusters = clusters;
        this.hosting = hosting;
        this.snapshots = snapshots;
        this.ends = snapshots.ends();
        this.number = new AtomicLong(ticker.now().toEpochMilli() * 1000);
    }

    // ---- what this end says ----

    /** The number of the next message: it grows with each, across restarts. */
    long nextNumber() { return number.incrementAndGet(); }

    /** Everything this end has to say to that peer. */
    Report report(UUID clusterUuid) {
        long now = nextNumber();
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

    /** Of one pair. */
    PairReport report(Volume v, UUID uuid, ReplicationMode mode) {
        String phase = hosting.status(v.id()).map(Direction::phase).orElse("");
        return new PairReport(uuid, v.id().value(), v.name(), v.access().name(), v.sizeBytes(), view.volume(v.id()) instanceof VolumeState.Deleted,
            view.pairOf(v.id()) instanceof Paused, mode.mode().name(), mode.revision(), phase, snapshots.report(v.id()), hosting.standing(v.id()));
    }

    // ---- what the other ends say ----

    /** Takes in what a peer says of its ends; late news is no news. Answers the volumes of whose snapshots it said something new. */
    Set<VolumeId> heard(UUID clusterUuid, Report report) {
        return alone(() -> takeIn(clusterUuid, report));     // or older news, checked earlier, could be taken in later
    }

    /** Does something beside which no report is taken in. */
    <T extends @Nullable Object> T alone(Supplier<T> work) {
        oneAtATime.lock();
        try {
            return work.get();
        } finally {
            oneAtATime.unlock();
        }
    }

    /** What that peer says up to this number is no news any more. */
    void heardUpTo(UUID clusterUuid, long number) { heard.merge(clusterUuid, number, Math::max); }

    /** The link is up anew: what the peer says now is news, however it counts. */
    void forgetNumber(UUID clusterUuid) { alone(() -> heard.remove(clusterUuid)); }

    private Set<VolumeId> takeIn(UUID clusterUuid, Report report) {
        if (heard.merge(clusterUuid, report.number(), Math::max) != report.number()) return Set.of();
        ClusterPairId cluster = view.clusterPair(clusterUuid).orElseThrow();
        clusters.noted(cluster, report.cluster());
        Cause cause = new Cause("peer " + report.cluster().name(), "Report");
        Map<UUID, PairReport> theirs = report.volumePairs().stream().collect(Collectors.toMap(PairReport::volumePairUuid, r -> r, (a, b) -> b));
        Set<UUID> pairs = new HashSet<>();
        Set<VolumeId> news = new HashSet<>();
        for (VolumeId id : view.volumes().keySet()) {
            Optional<Half> half = view.half(id);
            if (half.isEmpty()) continue;
            UUID pair = half.get().uuid();
            pairs.add(pair);
            if (half.get().cluster().equals(cluster) && takeIn(id, half.get(), theirs.get(pair), cause)) news.add(id);
        }
        ends.keep(pairs);
        return news;
    }

    /** What the other end of one pair says, or that it knows of none. */
    private boolean takeIn(VolumeId id, Half half, @Nullable PairReport r, Cause cause) {
        if (r == null) {
            ends.forget(half.uuid());
            node.execute(new SeverPair(id, half.uuid()), cause);
            return false;
        }
        boolean news = ends.hear(r);
        if (view.pairOf(id) instanceof Severed || !half.peer().equals(peer(r)) || !half.mode().equals(mode(r)))
            node.execute(new NotePeer(id, half.uuid(), peer(r), mode(r)), cause);
        if (!(view.volume(id) instanceof VolumeState.Active v)) return false;
        snapshots.heard(id, Direction.role(v.volume().access(), Access.valueOf(r.access())), r.snapshots(), cause);
        return news;
    }

    static PeerVolume peer(PairReport r) {
        return new PeerVolume(r.volumeId(), r.volumeName(), Access.valueOf(r.access()), r.sizeBytes(), r.deleted(), r.pausedManual());
    }

    static ReplicationMode mode(PairReport r) { return new ReplicationMode(Mode.valueOf(r.mode()), r.modeRevision()); }
}
