package io.dyad.testkit.sim;

import static io.dyad.testkit.sim.SimCluster.TEST;

import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.Mode;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeCommand.ModifyVolume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.Verification;
import io.dyad.replication.pairing.ClusterPairing;
import io.dyad.replication.pairing.PeerNetwork;
import io.dyad.replication.pairing.VolumePairing;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Two clusters with a volume each on one wire, {@link Hosts} that write, and a {@link Judge} of all that is seen. */
final class World implements SimCluster.Watch {
    static final boolean TALKATIVE = Boolean.getBoolean("dyad.talkative");
    static final long SIZE_BYTES = Volume.rounded(Volume.MIN_BYTES);

    /** One line of what resynchronisations ended with. */
    record Resync(String where, String reason, long blocks, long payloadBytes) { }

    /** One of the two ends. */
    final class End {
        final int index;
        final SimCluster cluster;
        VolumeId id = new VolumeId(1);

        End(int index, SimCluster cluster) {
            this.index = index;
            this.cluster = cluster;
        }

        String state() { return cluster.state(id); }

        boolean hasSession() { return cluster.hosting().status(id).filter(s -> s.flow() != PairEndpoint.Flow.APART).isPresent(); }

        Half half() { return cluster.node().view().half(id).orElseThrow(); }

        SimVolume stored() { return cluster.store().volume(id); }

        Map<Integer, Long> content() { return stored().prints(); }

        Access access() { return cluster.volume(id).orElseThrow().access(); }

        void access(Access access) { modify(Optional.of(access), Optional.empty()); }

        void grow(long sizeBytes) { modify(Optional.empty(), Optional.of(sizeBytes)); }

        private void modify(Optional<Access> access, Optional<Long> size) {
            cluster.trace("modify " + access + " " + size);
            cluster.node().modifyVolume(new ModifyVolume(id, access, size, Optional.empty(), Optional.empty(), Optional.empty()), TEST);
            look();
        }

        void pause(boolean paused) {
            cluster.trace("pause " + paused);
            cluster.node().modifyVolumePair(id, Optional.of(paused), Optional.empty(), TEST);
        }

        List<Snapshot> snapshots() { return cluster.node().view().snapshots(id); }

        void mode(Mode mode) { cluster.node().modifyVolumePair(id, Optional.empty(), Optional.of(mode), TEST); }

        /** Both ends have gone on from what they shared, and it is said. */
        boolean showsDivergence() {
            var shown = cluster.coordinator().shown(cluster.volume(id).orElseThrow());
            return shown.state().equals("PausedMisconfigured") && shown.details().contains("diverged");
        }

        /** A snapshot of what was overwritten is there, for hosts and in the books. */
        boolean keepsWhatItHeld() {
            return snapshots().stream().anyMatch(s -> s.terms().name().startsWith("dyad-before-resync-") && stored().snapshots.containsKey(s.uuid()));
        }

        End other() { return index == 0 ? b : a; }
    }

    final Scheduler time;
    final SimNetwork network;
    final End a;
    final End b;
    final List<Resync> resyncs = new ArrayList<>();
    private final Judge judge = new Judge(this);
    private final Hosts hosts = new Hosts(this, judge);
    private final Deque<String> trace = new ArrayDeque<>();

    World(long seed) { this(seed, Sabotage.NONE); }

    World(long seed, Sabotage sabotage) {
        time = new Scheduler(seed);
        network = new SimNetwork(time, judge);
        a = new End(0, new SimCluster("east", "east", time, network, sabotage, this));
        b = new End(1, new SimCluster("west", "west", time, network, sabotage, this));
    }

    End end(SimCluster of) { return of == a.cluster ? a : b; }

    List<End> ends() { return List.of(a, b); }

    // ---- time ----

    /** Runs until the condition holds, for at most this long. */
    boolean until(BooleanSupplier condition, long withinSeconds) {
        long untilNs = time.nowNs() + withinSeconds * Scheduler.SECOND;
        while (!condition.getAsBoolean()) if (!step(untilNs)) return condition.getAsBoolean();
        return true;
    }

    void run(long forNs) {
        long untilNs = time.nowNs() + forNs;
        while (step(untilNs)) { }
    }

    private boolean step(long untilNs) {
        boolean[] more = {false};
        guarded(() -> more[0] = time.step(untilNs));
        look();
        return more[0] || time.nowNs() < untilNs;
    }

    /** Does something that a cluster may not survive. */
    boolean guarded(Runnable action) {
        try {
            action.run();
            return true;
        } catch (SimCrash e) {
            e.victim().crashed();
            return false;
        }
    }

    // ---- setting up ----

    void start() {
        ends().forEach(e -> e.cluster.start());
        a.cluster.node().people().addAccount("east", Map.of(), TEST);
        b.cluster.node().people().addAccount("west", Map.of(), TEST);
        create(b);                                                      // so that the two volumes differ in number
        for (End e : ends()) e.id = create(e);
        look();
    }

    private VolumeId create(End e) {
        return e.cluster.node().createVolume(id -> new Volume(id, time.freshUuid(), new AccountId(1), "volume" + id, SIZE_BYTES, Access.READ_WRITE, false,
            Volume.Qos.DEFAULT, Map.of(), Instant.EPOCH), TEST);
    }

    /** Pairs the clusters, {@code from} being the one that starts and the other the one that dials. */
    void pairClusters(End from) {
        ClusterPairing.Started key = from.cluster.coordinator().clusters().start(TEST);
        PeerNetwork.Credential c = key.credential();
        from.other().cluster.coordinator().clusters().complete(new PeerNetwork.Offer(key.uuid(), c.link(), c.username(), c.password(), ""),
            from.cluster.uniqueId(), from.cluster.mvip(), TEST);
        if (!until(() -> ends().stream().allMatch(e -> statusOf(e).equals("Connected")), 60)) throw new AssertionError("the clusters do not connect");
    }

    /** PairedCluster.status as this end shows it. */
    String statusOf(End e) { return e.cluster.coordinator().statusOf(e.cluster.node().view().clusterPairs().firstKey()); }

    void pairVolumes(End from) {
        var uuid = from.cluster.node().startVolumePairing(from.id, Mode.ASYNC, TEST);
        End to = from.other();
        to.cluster.coordinator().volumes().complete(to.id, new VolumePairing.Key(from.cluster.mvip(), from.id.value(), "volume", uuid), TEST);
    }

    // ---- what operators do ----

    /** Ends this end's half of the pair: nothing is shared with the other end any more. */
    void unpair(End e) {
        judge.parted();
        ask(() -> e.cluster.node().removeVolumePair(e.id, TEST));
        look();
    }

    void snapshot(End e, boolean replicated) {
        Set<UUID> before = Set.copyOf(e.stored().snapshots.keySet());
        Map<Integer, Long> content = e.content();
        ask(() -> e.cluster.coordinator().snapshots().take(e.id, new Snapshot.Terms("", replicated, Optional.empty(), Optional.empty(), Map.of()), TEST));
        e.stored().snapshots.keySet().stream().filter(name -> !before.contains(name)).forEach(name -> judge.taken(name, content, replicated));
    }

    /** A snapshot that was local is to be on the other end too. */
    void replicateLater(End e, Snapshot s) {
        SimVolume.Snapshot there = e.stored().snapshots.get(s.uuid());
        if (there == null) return;
        judge.taken(s.uuid(), there.content().prints(), true);
        ask(() -> e.cluster.coordinator().snapshots().modify(s.id(), Optional.of(true), Optional.empty(), Optional.empty(), TEST));
    }

    Verification verify(End e, boolean repair) {
        Verification fresh = new Verification(repair);
        guarded(() -> e.cluster.hosting().verify(e.id, fresh));
        if (fresh.failure().isEmpty()) judge.verifies(e, fresh);
        return fresh;
    }

    // ---- what hosts do, and what is seen ----

    boolean write(End e, long offsetBytes, int lengthBytes, boolean durable) { return hosts.write(e, offsetBytes, lengthBytes, durable); }

    boolean zero(End e, long offsetBytes, int lengthBytes) { return hosts.zero(e, offsetBytes, lengthBytes); }

    void flush(End e) { hosts.flush(e); }

    void read(End e, long offsetBytes, int lengthBytes) { hosts.read(e, offsetBytes, lengthBytes); }

    /** A bit of a block turns on this end's disk, where the other end holds the same and can give it; false when it cannot be so. */
    boolean rot(End e, int block) {
        BlockTable there = e.other().stored().now;
        boolean both = e.stored().now.get(block).print() == there.get(block).print() && !e.other().stored().isRotten(there, block);
        if (!both || !e.stored().rot(block)) return false;
        judge.rots(block);
        return true;
    }

    void read(End e, UUID snapshot, int first, int blocks) { hosts.read(e, snapshot, first, blocks); }

    void look() { judge.look(); }

    void inspect() { judge.inspect(); }

    /** Payload of the running session so far. */
    long payloadBytes() { return judge.payloadBytes(); }

    boolean bothActive() { return a.cluster.isUp() && b.cluster.isUp() && a.state().equals("Active") && b.state().equals("Active"); }

    boolean equal() { return a.stored().now.same(b.stored().now); }

    /** The source could not read this block when it was in doubt whether the two ends hold the same there, and nobody has written it since. */
    boolean isInDoubt(int block) { return judge.rot().isInDoubt(block); }

    /** Neither end can be made whole there from the other. */
    boolean isLost(int block) { return judge.rot().lost().contains(block); }

    /** Equal, but for what has rotted past help. */
    boolean alike() { return a.stored().now.differing(b.stored().now).stream().allMatch(judge.rot().lost()::contains); }

    long sizeBytes(End e) { return e.stored().sizeBytes; }

    /** Both halves speak of one pair, in one mode, and know each other's access and size. */
    void expectAgreement() {
        for (End e : ends()) {
            if (!e.half().uuid().equals(e.other().half().uuid())) throw new AssertionError("two pairs: " + e.half() + ", " + e.other().half());
            if (!e.half().mode().equals(e.other().half().mode())) throw new AssertionError("two modes: " + e.half() + ", " + e.other().half());
            if (e.half().peer().access() != e.other().access()) throw new AssertionError(e.cluster.name() + " was not told of the other end's access");
            if (e.half().peer().sizeBytes() != sizeBytes(e.other())) throw new AssertionError(e.cluster.name() + " was not told of the other end's size");
        }
    }

    void expectEqual() {
        if (!equal()) throw new AssertionError("the two ends differ: " + difference());
    }

    /** Every snapshot of the source that is to be on the target, and is whole, is there and known to be, or was deleted there. */
    boolean snapshotsAreThere(End source) {
        var there = source.other().snapshots().stream().filter(s -> s.phase() == Snapshot.Phase.DONE).map(Snapshot::uuid).toList();
        return source.snapshots().stream().filter(s -> s.terms().replicated() && s.phase() == Snapshot.Phase.DONE && !wasDeletedThere(source, s) && isWhole(source, s))
            .allMatch(s -> there.contains(s.uuid()) && source.other().stored().snapshots.containsKey(s.uuid()));
    }

    /** One with a damaged block is not shipped. */
    private static boolean isWhole(End source, Snapshot s) {
        SimVolume.Snapshot there = source.stored().snapshots.get(s.uuid());
        return there == null || source.stored().rotten(there.content()).isEmpty();
    }

    private static boolean wasDeletedThere(End source, Snapshot s) {
        return source.cluster.coordinator().remote(s).filter(r -> r.status().equals("Deleted")).isPresent();
    }

    String difference() {
        Map<Integer, Long> one = a.content();
        Map<Integer, Long> two = b.content();
        var blocks = new java.util.TreeSet<>(one.keySet());
        blocks.addAll(two.keySet());
        blocks.removeIf(x -> java.util.Objects.equals(one.get(x), two.get(x)));
        return blocks.size() + " blocks: " + blocks.stream().limit(10).toList();
    }

    // ---- what the clusters say ----

    @Override public void resynced(SimCluster where, String reason, long blocks, long payloadBytes) {
        resyncs.add(new Resync(where.name(), reason, blocks, payloadBytes));
        judge.resynced(reason);
    }

    @Override public void drained() { judge.drained(); }

    @Override public void ended(SimCluster where, Optional<SimCrash.Kind> kind) { judge.ended(end(where), kind); }

    @Override public void trace(String line) {
        trace.add(time.nowNs() / Scheduler.MILLISECOND + " ms " + line);
        if (trace.size() > 400) trace.remove();
    }

    String story() { return String.join("\n", trace); }

    /** Asks for something that a rule may refuse. */
    Optional<RefusedException> ask(Runnable request) {
        RefusedException[] refused = {null};
        guarded(() -> {
            try {
                request.run();
            } catch (RefusedException e) {
                refused[0] = e;
                trace("refused: " + e.getMessage());
            } catch (UncheckedIOException e) {
                if (!SimTrouble.explains(e)) throw e;
                trace("failed: " + e.getMessage());
            }
        });
        return Optional.ofNullable(refused[0]);
    }
}
