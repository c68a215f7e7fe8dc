package io.dyad.replication.pairing;

import io.dyad.domain.Access;
import io.dyad.domain.ClusterPairCommand.ReportLink;
import io.dyad.domain.ClusterPairEvent;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.ClusterPairState;
import io.dyad.domain.ClusterPairState.Paired;
import io.dyad.domain.Command;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.FaultsCommand;
import io.dyad.domain.Milestone;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.JobEvent;
import io.dyad.domain.Snapshot;
import io.dyad.domain.SnapshotEvent;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeEvent;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairCommand.ReportMilestone;
import io.dyad.domain.VolumePairEvent;
import io.dyad.domain.VolumePairState;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.domain.VolumeState;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.Overload;
import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.PairEndpoint.Role;
import io.dyad.replication.PairEndpoint.Status;
import io.dyad.replication.PairEndpoint.Wish;
import io.dyad.replication.pairing.ClusterPairing.Address;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The replication projection: turns what the log says, and what peers and links say, into what the data plane shall do.
 * Level-triggered: it always states the whole wish, so replaying from zero ships nothing and says nothing new.
 */
public final class Coordinator implements PeerNetwork.Listener, AutoCloseable {
    /** Between the beginnings of two reports to one peer at least: what changes meanwhile goes into one. */
    private static final long BREATH_NS = 100_000_000L;
    private static final Status NOT_YET = new Status(Access.LOCKED, Role.NONE, Flow.APART, false, "", Overload.NONE, 0, 0, 0);
    private final EventLog log;
    private final View view = new View();
    private final Hosting hosting;
    private final Ticker ticker;
    private final Later later;
    private final SnapshotRecovery recovery;
    private final ClusterNode node;
    private final VolumeSnapshots snapshots;
    private final SnapshotExchange exchange;
    private final BackgroundJobs jobs;
    private final Debounce debounce = new Debounce();
    private final ReentrantLock desk = new ReentrantLock();
    private final Condition linkChanged = desk.newCondition();
    private final Map<UUID, Link> links = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> owed = new ConcurrentHashMap<>();
    private final Map<UUID, Long> saidNs = new ConcurrentHashMap<>();
    private final Set<UUID> unheard = ConcurrentHashMap.newKeySet();
    private final Map<VolumeId, Long> alone = new ConcurrentHashMap<>();
    private final Set<VolumeId> sick = ConcurrentHashMap.newKeySet();
    private final List<AutoCloseable> subscriptions = new CopyOnWriteArrayList<>();
    private volatile @Nullable Talks talks;
    private volatile boolean recovered;

    /** The parts that need the network. */
    private record Talks(PeerNetwork network, ClusterPairing clusters, VolumePairing volumes) { }

    private record Link(boolean up, long latencyNs) { }

    /** {@code remoteReplication} of one volume, as shown. */
    public record Shown(String state, String details, boolean connected, Status status) { }

    /** Folds the whole log. */
    public Coordinator(EventLog log, Hosting hosting, Ticker ticker, Later later) {
        this.log = log;
        this.hosting = hosting;
        this.ticker = ticker;
        this.later = later;
        this.node = new ClusterNode(log, view, hosting, ticker);
        this.snapshots = new VolumeSnapshots(node, hosting, ticker);
        this.recovery = new SnapshotRecovery(node, hosting, snapshots);
        this.exchange = new SnapshotExchange(node, ticker);
        this.jobs = new BackgroundJobs(node, hosting, snapshots, ticker);
        subscriptions.add(log.observe(view::apply));
    }

    /** Forms or renames the cluster, finishes what a crash cut short, and takes up every pair where it was. */
    public void start(String name, String uniqueId, PeerNetwork network, Address address) {
        node.form(name, uniqueId);
        ClusterPairing clusters = new ClusterPairing(node, network, ticker, address);
        talks = new Talks(network, clusters, new VolumePairing(node, network, clusters, hosting, exchange, ticker));
        node.recover();
        view.volumes().keySet().forEach(this::take);
        recovery.recover(view.volumes().keySet().stream().filter(recovery::concerns).filter(this::opens).collect(Collectors.toSet()));
        recovered = true;
        jobs.recover();
        clusters.resume();
        subscriptions.add(log.project("replication", this::touched));
    }

    public ClusterNode node() { return node; }

    public ClusterPairing clusters() { return talks().clusters(); }

    /** To the book of faults, in its own time. */
    public void fault(FaultsCommand said) { remember(said, "watch"); }

    public VolumePairing volumes() { return talks().volumes(); }

    public VolumeSnapshots snapshots() { return snapshots; }

    public BackgroundJobs jobs() { return jobs; }

    private Talks talks() {
        Talks now = talks;
        if (now == null) throw new IllegalStateException("the cluster is still starting");
        return now;
    }

    // ---- from the log to the data plane ----

    private void touched(Recorded recorded) {
        switch (recorded.event()) {
            case VolumeEvent e -> {
                take(e.id());
                tellPeers();
            }
            case VolumePairEvent e -> {
                take(e.volume());
                if (!(e instanceof VolumePairEvent.PeerVolumeNoted || e instanceof VolumePairEvent.MilestoneReached)) tellPeers();
            }
            case SnapshotEvent e -> {
                take(e.volume());
                tellPeers();
            }
            case JobEvent.JobStarted e -> e.job().parts().forEach(p -> take(p.target()));
            case ClusterPairEvent e when e instanceof ClusterPairEvent.ClusterPairOrphaned -> view.volumes().keySet().forEach(this::take);
            case Event e -> { }
        }
    }

    private boolean opens(VolumeId id) {
        if (sick.contains(id)) return false;
        try {
            hosting.held(id);
            return true;
        } catch (UncheckedIOException e) {
            sick.add(id);
            return false;
        }
    }

    /** A volume that nobody needed at the start was opened now, and holds these cuts. */
    public void opened(VolumeId id, Set<UUID> cuts) {
        if (recovered && !cuts.isEmpty()) note(() -> recovery.adopt(id, cuts));
    }

    /** One sick volume holds up no other; it is tried again at each tick. */
    private void take(VolumeId id) {
        try {
            reconcile(id);
            sick.remove(id);
        } catch (UncheckedIOException e) {
            sick.add(id);
        }
    }

    /** States what the volume and its end of a pair shall be, from all that is known now. */
    public void reconcile(VolumeId id) {
        desk.lock();
        try {
            Volume volume;
            boolean deleted = view.volume(id) instanceof VolumeState.Deleted;
            switch (view.volume(id)) {
                case VolumeState.Active s  -> volume = s.volume();
                case VolumeState.Deleted s -> volume = s.volume();
                case VolumeState.Absent s  -> { return; }
                case VolumeState.Purged s  -> { return; }
            }
            hosting.host(volume, deleted || view.busy(id));
            hosting.pair(id, view.half(id).filter(h -> view.clusterPair(h.cluster()) instanceof Paired).map(h -> wanted(volume, deleted, h)));
        } finally {
            desk.unlock();
        }
    }

    private Hosting.Wanted wanted(Volume volume, boolean deleted, Half half) {
        Paired cluster = (Paired) view.clusterPair(half.cluster());
        String hold = Direction.hold(facts(volume, deleted, half));
        Role role = Direction.role(volume.access(), half.peer().access());
        Access access = deleted ? Access.LOCKED : volume.access();
        Wish wish = new Wish(access, role, !hold.isEmpty(), hold, half.mode().mode(), PairTerms.of(volume.attributes(), hosting.terms()),
            role == Role.SOURCE ? exchange.ship(volume.id()) : List.of(), exchange.spare(volume.id()));
        return new Hosting.Wanted(half.uuid(), cluster.uuid(), cluster.dials(), wish);
    }

    private Direction.Facts facts(Volume volume, boolean deleted, Half half) {
        VolumePairState state = view.pairOf(volume.id());
        String peerState = talks().volumes().peerState(volume.id());
        return new Direction.Facts(volume, deleted, half, state instanceof VolumePairState.Paused, state instanceof VolumePairState.Severed,
            linked(View.uuidOf(view.clusterPair(half.cluster()))), peerState, exchange.overfull(volume.id(), Direction.role(volume.access(), half.peer().access())));
    }

    /** What the API shows of this volume's replication. */
    public Shown shown(Volume volume) {
        Status status = hosting.status(volume.id()).orElse(NOT_YET);
        Optional<Half> half = view.half(volume.id());
        if (half.isEmpty()) return new Shown("Unconfigured", "", false, status);
        Direction.Facts facts = facts(volume, view.volume(volume.id()) instanceof VolumeState.Deleted, half.get());
        String details = Direction.details(facts, status, hosting.standing(volume.id()), volumes().peerStanding(volume.id()));
        return new Shown(Direction.state(facts, status), details, facts.linked(), status);
    }

    /** PairedCluster.status of the Element API. */
    public String statusOf(ClusterPairId id) {
        return switch (view.clusterPair(id)) {
            case ClusterPairState.Offered s  -> "Unconfigured";
            case ClusterPairState.Joining s  -> "Unconfigured";
            case Paired s                    -> linked(s.uuid()) ? "Connected" : "Disconnected";
            case ClusterPairState.Orphaned s -> "Misconfigured";
            case ClusterPairState.Absent s   -> "Unconfigured";
            case ClusterPairState.Removed s  -> "Unconfigured";
        };
    }

    /** Waits until this pair's link is up, so that what comes next finds it; in vain for {@code timeoutNs} at most. */
    public void awaitLink(ClusterPairId id, long timeoutNs) throws InterruptedException {
        desk.lock();
        try {
            long left = timeoutNs;
            while (left > 0 && !linked(View.uuidOf(view.clusterPair(id)))) left = linkChanged.awaitNanos(left);
        } finally {
            desk.unlock();
        }
    }

    private void signalLink() {
        desk.lock();
        try {
            linkChanged.signalAll();
        } finally {
            desk.unlock();
        }
    }

    private boolean linked(UUID clusterPair) { return links.getOrDefault(clusterPair, new Link(false, 0)).up(); }

    public long latencyNs(UUID clusterPair) { return links.getOrDefault(clusterPair, new Link(false, 0)).latencyNs(); }

    // ---- from the data plane to the log and to the peers ----

    /** A turn in a volume's replication: becomes an event, at most one of a kind in 10 s. */
    public void milestone(VolumeId volume, UUID pair, Milestone milestone, String detail) {
        debounce.say(List.of(volume, milestone), ticker.nowNs(),
            count -> remember(new ReportMilestone(volume, pair, milestone, detail, count), "replication"));
    }

    /** A snapshot of the other end is whole and durable here. */
    public void snapshotArrived(VolumeId volume, UUID uuid) { note(() -> snapshots.arrived(volume, uuid, new Cause("system", "replication"))); }

    /** What a resync was about to overwrite here was kept, durably. */
    public void snapshotKept(VolumeId volume, UUID uuid, long blocks, Optional<UUID> gone) {
        note(() -> snapshots.kept(volume, uuid, blocks, gone, new Cause("system", "replication")));
    }

    private void note(Runnable seen) {
        later.run(0, () -> {
            try {
                seen.run();
            } catch (RefusedException e) {
                // the volume was deleted meanwhile
            }
        });
    }

    /** How the other end of its pair stands with a snapshot; empty when it has none that could be there. */
    public Optional<RemoteSnapshot> remote(Snapshot s) {
        if (!s.terms().replicated() || !(view.volume(s.volume()) instanceof VolumeState.Active v)) return Optional.empty();
        return view.half(s.volume()).filter(h -> !(view.pairOf(s.volume()) instanceof VolumePairState.Severed)).map(h -> {
            boolean moving = hosting.status(s.volume()).filter(st -> st.flow() != Flow.APART).isPresent();
            return new RemoteSnapshot(h.uuid(), exchange.remote(s, Direction.role(v.volume().access(), h.peer().access()), linked(View.uuidOf(view.clusterPair(h.cluster()))), moving).wire());
        });
    }

    /** {@code status}: a RemoteClusterSnapshotStatus of the Element API. */
    public record RemoteSnapshot(UUID volumePair, String status) { }

    /** Stores what was seen, in its own time; of a pair that was removed meanwhile there is nothing to store. */
    private void remember(Command seen, String by) {
        later.run(0, () -> {
            try {
                node.execute(seen, new Cause("system", by));
            } catch (RefusedException e) {
                // removed meanwhile
            }
        });
    }

    /** A volume's session has reached another phase, which the other end shows too. */
    public void flowChanged() { tellPeers(); }

    /** To be called about once a second. */
    public void tick() {
        debounce.tick(ticker.nowNs());
        node.purgeExpired();
        snapshots.expire();
        sick.forEach(this::take);
        if (view.volumes().keySet().stream().filter(this::turnedAway).count() > 0) tellPeers();
        unheard.forEach(pair -> {
            if (linked(pair)) exchange(pair);
        });
    }

    /** True when a volume whose other end is open for writing too has just become the only holder of blocks, or ceased to be: no event tells. */
    private boolean turnedAway(VolumeId id) {
        boolean both = view.half(id).filter(h -> h.peer().access() == Access.READ_WRITE).isPresent()
            && view.volume(id) instanceof VolumeState.Active v && v.volume().access() == Access.READ_WRITE;
        long now = both ? hosting.standing(id).alone() : 0;
        Long before = both ? alone.put(id, now) : alone.remove(id);
        return both && (before == null || before != now);
    }

    private void tellPeers() {
        view.clusterPairs().values().forEach(state -> {
            if (state instanceof Paired p && linked(p.uuid())) exchange(p.uuid());
        });
    }

    /** Exchanges reports with a peer, one at a time and at most ten a second; asked for again meanwhile, it does it once more. */
    private void exchange(UUID pair) {
        if (owed.merge(pair, 1, Integer::sum) > 1) return;
        Long said = saidNs.get(pair);
        later.run(said == null ? 0 : Math.max(0, said + BREATH_NS - ticker.nowNs()), () -> exchangeOwed(pair));
    }

    private void exchangeOwed(UUID pair) {
        int served = owed.getOrDefault(pair, 0);
        saidNs.put(pair, ticker.nowNs());
        try {
            exchangeOnce(pair);
        } finally {
            if (!owed.remove(pair, served)) later.run(BREATH_NS, () -> exchangeOwed(pair));
        }
    }

    private void exchangeOnce(UUID pair) {
        unheard.add(pair);
        try {
            switch (talks().network().call(pair, volumes().report(pair))) {
                case PeerMessage.Report theirs -> {
                    volumes().heard(pair, theirs).forEach(this::take);
                    unheard.remove(pair);
                }
                case PeerMessage.Refused r when r.refusal().equals(Refusal.PAIRING_DOES_NOT_EXIST.name()) -> clusters().orphaned(pair);
                case PeerMessage other -> { }
            }
        } catch (LinkDownException e) {
            // not heard: said again at the next tick that finds the link up
        } catch (NoSuchElementException | RefusedException e) {
            unheard.remove(pair);                        // the pair was removed meanwhile and has nothing to say
        }
    }

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
            case PeerMessage.Report theirs -> {
                volumes().heard(clusterPair, theirs).forEach(this::take);
                yield volumes().report(clusterPair);
            }
            case PeerMessage.JoinVolume join -> volumes().joined(clusterPair, join);
            case PeerMessage.Leaving l -> {
                clusters().orphaned(clusterPair);
                yield new PeerMessage.Done();
            }
            case PeerMessage other -> new PeerMessage.Refused(Refusal.INVALID_PARAMETER.name(), other.getClass().getSimpleName() + " is not a request");
        };
    }

    @Override public void link(UUID clusterPair, boolean up, long latencyNs) {
        Link before = links.put(clusterPair, new Link(up, latencyNs));
        signalLink();
        if (before != null && before.up() == up) return;
        view.clusterPair(clusterPair).ifPresent(id -> debounce.say(clusterPair, ticker.nowNs(),
            count -> remember(new ReportLink(id, linked(clusterPair), count), "link")));
        if (!up) return;
        talks().volumes().forgetNumber(clusterPair);     // a restarted peer may count from elsewhere
        exchange(clusterPair);
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
