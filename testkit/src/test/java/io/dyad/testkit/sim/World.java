package io.dyad.testkit.sim;

import static io.dyad.testkit.sim.SimCluster.TEST;

import io.dyad.domain.AccountId;
import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeCommand.ModifyVolume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.replication.NotWritableException;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.Memory;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.RingBudget;
import io.dyad.replication.pairing.ClusterPairing;
import io.dyad.replication.pairing.PeerNetwork;
import io.dyad.replication.pairing.VolumePairing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Two clusters with a volume each on one wire, the writes of their hosts, and the judge of what the volumes hold. */
final class World implements SimCluster.Watch {
    private static final boolean TALKATIVE = Boolean.getBoolean("dyad.talkative");
    static final long SIZE_BYTES = Volume.rounded(Volume.MIN_BYTES);

    /** One line of what resynchronisations ended with. */
    record Resync(String where, String reason, long blocks, long payloadBytes) { }

    /** One of the two ends. */
    final class End {
        final int index;
        final SimCluster cluster;
        VolumeId id = new VolumeId(1);
        final StateEdges edges;
        private boolean open;
        private boolean crashed;
        private boolean made;

        End(int index, SimCluster cluster) {
            this.index = index;
            this.cluster = cluster;
            this.edges = new StateEdges(cluster.name());
        }

        String state() { return cluster.state(id); }

        boolean hasSession() { return cluster.hosting().status(id).filter(s -> s.flow() != PairEndpoint.Flow.APART).isPresent(); }

        Half half() { return cluster.node().view().half(id).orElseThrow(); }

        Map<Integer, Long> content() { return cluster.store().volume(id).prints(); }

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

        void mode(Mode mode) { cluster.node().modifyVolumePair(id, Optional.empty(), Optional.of(mode), TEST); }

        End other() { return index == 0 ? b : a; }
    }

    final Scheduler time;
    final SimNetwork network;
    final End a;
    final End b;
    final Timelines timelines = new Timelines();
    final List<Resync> resyncs = new ArrayList<>();
    private final Deque<String> trace = new ArrayDeque<>();
    /** True from the first time both ends were in sync: from then on the target always has a consistent point. */
    private boolean synced;
    /** The most blocks that may differ, or be in doubt by a region's intent, since the ends were last known to be equal. */
    private long owed;

    World(long seed) {
        time = new Scheduler(seed);
        network = new SimNetwork(time);
        a = new End(0, new SimCluster("east", "east", time, network, this));
        b = new End(1, new SimCluster("west", "west", time, network, this));
    }

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
        a.cluster.node().addAccount("east", Map.of(), TEST);
        b.cluster.node().addAccount("west", Map.of(), TEST);
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

    // ---- what hosts do ----

    /** Writes fresh bytes; false when the volume does not take them. */
    boolean write(End e, long offsetBytes, int lengthBytes, boolean durable) {
        ByteBuffer data = Content.fresh(time.dice, lengthBytes);
        return change(e, offsetBytes, lengthBytes, Optional.of(data), durable, v -> v.write(offsetBytes, data.duplicate(), durable));
    }

    boolean zero(End e, long offsetBytes, int lengthBytes) {
        return change(e, offsetBytes, lengthBytes, Optional.empty(), false, v -> v.zero(offsetBytes, lengthBytes, false));
    }

    private interface Change {
        void on(ReplicatedVolume volume) throws IOException;
    }

    private boolean change(End e, long offsetBytes, int lengthBytes, Optional<ByteBuffer> data, boolean durable, Change change) {
        look();
        if (!e.cluster.writable(e.id)) return false;
        Map<Integer, Long> blocks = whole(e, offsetBytes, lengthBytes, data);
        timelines.writing(e.index, blocks);
        boolean[] taken = {false};
        guarded(() -> {
            try {
                change.on(e.cluster.disk(e.id).orElseThrow());
                taken[0] = true;
            } catch (NotWritableException refused) {
                throw new IllegalStateException("an end that was open for writing refused a write", refused);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        if (!taken[0]) return false;
        timelines.written(e.index, blocks);
        if (TALKATIVE) e.cluster.trace("write " + timelines.writes(e.index) + " to " + new java.util.TreeSet<>(blocks.keySet()) + (durable ? " and flush" : ""));
        if (durable) timelines.flushed(e.index);
        owed += blocks.size();
        return true;
    }

    /** What every block that the range touches will be. */
    private Map<Integer, Long> whole(End e, long offsetBytes, int lengthBytes, Optional<ByteBuffer> data) {
        var now = e.cluster.store().volume(e.id).now;
        Map<Integer, Long> blocks = new HashMap<>();
        long end = offsetBytes + lengthBytes;
        for (int block = (int) (offsetBytes / Content.BYTES); (long) block * Content.BYTES < end; block++) {
            long start = (long) block * Content.BYTES;
            byte[] bytes = now.get(block).bytes().clone();
            int from = (int) Math.max(0, offsetBytes - start);
            int to = (int) Math.min(Content.BYTES, end - start);
            int skip = (int) (start + from - offsetBytes);
            ByteBuffer into = ByteBuffer.wrap(bytes, from, to - from);
            into.put(data.map(d -> d.slice(skip, to - from)).orElseGet(() -> ByteBuffer.allocate(to - from)));
            blocks.put(block, Content.next(ByteBuffer.wrap(bytes)).print());
        }
        return blocks;
    }

    void flush(End e) {
        if (!e.cluster.writable(e.id)) return;
        guarded(() -> {
            try {
                e.cluster.disk(e.id).orElseThrow().flush();
                timelines.flushed(e.index);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    // ---- judging ----

    /** Sees every change of what an end may do and of what it shows, as it happens. */
    void look() {
        for (End e : ends()) {
            boolean open = e.cluster.writable(e.id);
            if (open && !e.open) {
                Map<Integer, Long> content = e.content();
                if (synced || !e.made) require(e, timelines.wrong(e.index, content, e.crashed), "opens for writing");
                timelines.opened(e.index, content);
                e.crashed = false;
                e.made = true;
            }
            e.open = open;
            if (e.cluster.isUp()) {
                String state = e.state();
                require(e, e.edges.wrong(state, e.hasSession()), "shows");
                synced |= !resyncs.isEmpty() && state.equals("Active") && bothActive();
            }
        }
    }

    /** What each end would be found to hold if it crashed or were promoted now. */
    void inspect() {
        for (End e : ends()) {
            if (!e.made || !synced) continue;
            SimCrash.Kind kind = time.oneIn(3) ? SimCrash.Kind.KILL : SimCrash.Kind.POWER;
            SimStore fork = e.cluster.store().fork(e.id, kind, time.dice);
            try {
                ReplicatedVolume.open(e.id, fork.open(e.id), new Memory(new RingBudget(0)));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            require(e, timelines.wrong(e.index, fork.volume(e.id).prints(), true), "would be found after a " + kind);
            if (e.open) require(e, timelines.wrongTip(e.index, e.content()), "serves hosts");
        }
    }

    private void require(End e, @Nullable String what, String when) {
        if (what != null) throw new AssertionError(e.cluster.name() + " " + when + ": " + what);
    }

    boolean bothActive() { return ends().stream().allMatch(e -> e.cluster.isUp() && e.state().equals("Active")); }

    boolean equal() { return a.cluster.store().volume(a.id).now.same(b.cluster.store().volume(b.id).now); }

    long sizeBytes(End e) { return e.cluster.store().volume(e.id).sizeBytes; }

    /** Both ends have had time to tell each other that they hold the same. */
    void settledIfEqual() {
        if (bothActive() && equal()) owed = 0;
    }

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
        if (!synced) return;
        if (reason.equals("first-sync")) throw new AssertionError("a second first sync");
        if (blocks > owed) throw new AssertionError(blocks + " blocks shipped of at most " + owed + " that may differ");
    }

    @Override public void ended(SimCluster where, Optional<SimCrash.Kind> kind) {
        End e = where == a.cluster ? a : b;
        e.open = false;
        e.crashed = kind.isPresent();
        e.edges.restarted();
        if (kind.isEmpty()) timelines.flushed(e.index);
        else timelines.crashed(e.index, e.content());
        if (kind.isPresent()) owed += (long) e.cluster.store().volume(e.id).intents.cardinality() * SimVolume.REGION_BLOCKS;
    }

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
            }
        });
        return Optional.ofNullable(refused[0]);
    }
}
