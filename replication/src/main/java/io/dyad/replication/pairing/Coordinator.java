package io.dyad.replication.pairing;

import io.dyad.domain.ClusterPairEvent;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.ClusterPairState.Paired;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.FaultsCommand;
import io.dyad.domain.JobEvent;
import io.dyad.domain.Milestone;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Snapshot;
import io.dyad.domain.SnapshotEvent;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeEvent;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairEvent;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.PairEndpoint.Status;
import io.dyad.replication.pairing.ClusterPairing.Address;
import io.dyad.replication.pairing.PeerReports.Talks;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The control plane of replication on one cluster, put together:
 *
 * <pre>
 *   the log ──project──> Reconciler ──the whole wish──> Hosting, the data plane
 *      ^                     ^                              │
 *      └──── Sightings <─────│─── milestones, snapshots ────┘
 *                            │ what peers say
 *   peers <───────────> PeerReports       Links: which peers are there       Display: what the API shows
 * </pre>
 *
 * Level-triggered: replaying the log from zero ships nothing and says nothing new. Any thread.
 */
public final class Coordinator implements PeerNetwork.Listener, AutoCloseable {
    private final EventLog log;
    private final View view = new View();
    private final Hosting hosting;
    private final Ticker ticker;
    private final Later later;
    private final ClusterNode node;
    private final VolumeSnapshots snapshots;
    private final SnapshotRecovery recovery;
    private final SnapshotExchange exchange;
    private final BackgroundJobs jobs;
    private final Links links = new Links();
    private final Sightings sightings;
    private final Reconciler reconciler;
    private final Display display;
    private final List<AutoCloseable> subscriptions = new CopyOnWriteArrayList<>();
    private volatile @Nullable PeerReports reports;
    private volatile boolean recovered;

    /** {@code remoteReplication} of one volume, as shown. */
    public record Shown(String state, String details, boolean connected, Status status) { }

    /** {@code status}: a RemoteClusterSnapshotStatus of the Element API. */
    public record RemoteSnapshot(UUID volumePair, String status) { }

    /** Folds the whole log. */
    public Coordinator(EventLog log, Hosting hosting, Ticker ticker, Later later) {
        this.log = log;
        this.hosting = hosting;
        this.ticker = ticker;
        this.later = later;
        this.node = new ClusterNode(log, view, hosting, ticker);
        this.snapshots = new VolumeSnapshots(node, hosting, ticker);
        this.recovery = new SnapshotRecovery(view, hosting, snapshots);
        this.exchange = new SnapshotExchange(node, ticker);
        this.jobs = new BackgroundJobs(node, hosting, snapshots, ticker);
        this.sightings = new Sightings(node, snapshots, ticker, later);
        this.reconciler = new Reconciler(view, hosting, exchange, links);
        this.display = new Display(view, hosting, exchange, links, reconciler);
        subscriptions.add(log.observe(view::apply));
    }

    /** Forms or renames the cluster, finishes what a crash cut short, and takes up every pair where it was. */
    public void start(String name, String uniqueId, PeerNetwork network, Address address) {
        node.form(name, uniqueId);
        ClusterPairing clusters = new ClusterPairing(node, network, ticker, address);
        PairReports pairs = new PairReports(node, clusters, hosting, exchange, ticker);
        VolumePairing volumes = new VolumePairing(node, network, pairs);
        reports = new PeerReports(new Talks(node, network, clusters, volumes, pairs), reconciler, links, ticker, later);
        new NodeRecovery(node).recover();
        reconciler.takeAll();
        recovery.recover(view.volumes().keySet().stream().filter(recovery::concerns).filter(reconciler::opens).collect(Collectors.toSet()));
        recovered = true;
        jobs.recover();
        clusters.resume();
        subscriptions.add(log.project("replication", this::touched));
    }

    public ClusterNode node() { return node; }

    public ClusterPairing clusters() { return reports().talks().clusters(); }

    public VolumePairing volumes() { return reports().talks().volumes(); }

    public VolumeSnapshots snapshots() { return snapshots; }

    public BackgroundJobs jobs() { return jobs; }

    private PeerReports reports() {
        PeerReports now = reports;
        if (now == null) throw new IllegalStateException("the cluster is still starting");
        return now;
    }

    // ---- from the log to the data plane ----

    private void touched(Recorded recorded) {
        switch (recorded.event()) {
            case VolumeEvent e -> {
                reconciler.take(e.id());
                reports().tellPeers();
            }
            case VolumePairEvent e -> {
                reconciler.take(e.volume());
                if (!(e instanceof VolumePairEvent.PeerVolumeNoted || e instanceof VolumePairEvent.MilestoneReached)) reports().tellPeers();
            }
            case SnapshotEvent e -> {
                reconciler.take(e.volume());
                reports().tellPeers();
            }
            case JobEvent.JobStarted e -> e.job().parts().forEach(p -> reconciler.take(p.target()));
            case ClusterPairEvent e when e instanceof ClusterPairEvent.ClusterPairOrphaned -> reconciler.takeAll();
            case Event e -> { }
        }
    }

    /** States what the volume and its end of a pair shall be, from all that is known now. */
    public void reconcile(VolumeId id) { reconciler.reconcile(id); }

    /** To be called about once a second. */
    public void tick() {
        sightings.tick();
        node.purgeExpired();
        snapshots.expire();
        reconciler.tick();
        if (reconciler.turnedAway()) reports().tellPeers();
        reports().tick();
    }

    // ---- what the API shows ----

    /** Of this volume's replication. */
    public Shown shown(Volume volume) { return display.volume(volume); }

    /** PairedCluster.status of the Element API. */
    public String statusOf(ClusterPairId id) { return display.clusterPair(id); }

    /** How the other end of its pair stands with a snapshot; empty when it has none that could be there. */
    public Optional<RemoteSnapshot> remote(Snapshot s) { return display.remote(s); }

    /** Waits until this pair's link is up, so that what comes next finds it; in vain for {@code timeoutNs} at most. */
    public void awaitLink(ClusterPairId id, long timeoutNs) throws InterruptedException { links.await(() -> View.uuidOf(view.clusterPair(id)), timeoutNs); }

    public long latencyNs(UUID clusterPair) { return links.latencyNs(clusterPair); }

    // ---- from the data plane to the log and to the peers ----

    /** A turn in a volume's replication: becomes an event, at most one of a kind in 10 s. */
    public void milestone(VolumeId volume, UUID pair, Milestone milestone, String detail) { sightings.milestone(volume, pair, milestone, detail); }

    /** A snapshot of the other end is whole and durable here. */
    public void snapshotArrived(VolumeId volume, UUID uuid) { sightings.snapshotArrived(volume, uuid); }

    /** What a resync was about to overwrite here was kept, durably. */
    public void snapshotKept(VolumeId volume, UUID uuid, long blocks, Optional<UUID> gone) { sightings.snapshotKept(volume, uuid, blocks, gone); }

    /** A volume that nobody needed at the start was opened now, and holds these cuts. */
    public void opened(VolumeId id, Set<UUID> cuts) {
        if (recovered && !cuts.isEmpty()) sightings.note(() -> recovery.adopt(id, cuts));
    }

    /** To the book of faults, in its own time. */
    public void fault(FaultsCommand said) { sightings.fault(said); }

    /** A volume's session has reached another phase, which the other end shows too. */
    public void flowChanged() { reports().tellPeers(); }

    // ---- what the network says ----

    @Override public PeerMessage introduced(UUID clusterPair, PeerMessage.Join join) {
        PeerMessage answer = clusters().introduced(clusterPair, join);
        if (answer instanceof PeerMessage.Joined) later.run(0, () -> view.clusterPair(clusterPair).ifPresent(clusters()::keep));
        return answer;
    }

    @Override public PeerMessage asked(UUID clusterPair, PeerMessage request) {
        boolean known = view.clusterPair(clusterPair).filter(id -> view.clusterPair(id) instanceof Paired).isPresent();
        if (!known) return new PeerMessage.Refused(Refusal.PAIRING_DOES_NOT_EXIST.name(), "this cluster pair is not known here");
        try {
            return answer(clusterPair, request);
        } catch (RefusedException e) {                   // removed while it asked
            return new PeerMessage.Refused(e.refusal().name(), String.valueOf(e.getMessage()));
        }
    }

    private PeerMessage answer(UUID clusterPair, PeerMessage request) {
        return switch (request) {
            case PeerMessage.Report theirs   -> reports().answer(clusterPair, theirs);
            case PeerMessage.JoinVolume join -> volumes().joined(clusterPair, join);
            case PeerMessage.Leaving l -> {
                clusters().orphaned(clusterPair);
                yield new PeerMessage.Done();
            }
            case PeerMessage other -> new PeerMessage.Refused(Refusal.INVALID_PARAMETER.name(), other.getClass().getSimpleName() + " is not a request");
        };
    }

    @Override public void link(UUID clusterPair, boolean up, long latencyNs) {
        if (!links.heard(clusterPair, up, latencyNs)) return;
        view.clusterPair(clusterPair).ifPresent(id -> sightings.link(clusterPair, id, () -> links.isUp(clusterPair)));
        if (up) reports().connected(clusterPair);
    }

    @Override public FramePipe.Receiver pipe(UUID clusterPair, UUID volumePair, FramePipe pipe) throws LinkDownException {
        return hosting.accept(view.paired(volumePair).orElseThrow(() -> new LinkDownException("volume pair " + volumePair + " is not known here")), pipe);
    }

    @Override public void close() {
        for (AutoCloseable s : subscriptions) {
            try {
                s.close();
            } catch (Exception e) {
                throw new IllegalStateException("the event log did not let go", e);
            }
        }
    }
}
