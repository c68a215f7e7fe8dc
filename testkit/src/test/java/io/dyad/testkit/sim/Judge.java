package io.dyad.testkit.sim;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.replication.LagMeter;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.RingBudget;
import io.dyad.replication.Shared;
import io.dyad.replication.Verification;
import io.dyad.testkit.sim.World.End;
import io.dyad.testkit.sim.check.Arrivals;
import io.dyad.testkit.sim.check.Cuts;
import io.dyad.testkit.sim.check.Dials;
import io.dyad.testkit.sim.check.FullDisks;
import io.dyad.testkit.sim.check.LagTold;
import io.dyad.testkit.sim.check.LiveWrites;
import io.dyad.testkit.sim.check.Payload;
import io.dyad.testkit.sim.check.SaidDurable;
import io.dyad.testkit.sim.check.StateEdges;
import io.dyad.testkit.sim.check.SyncAnswers;
import io.dyad.testkit.sim.check.Timelines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** Shows the checks what happens and what is there, and ends the story when one of them objects. */
final class Judge implements SimNetwork.Tap {
    /** What is judged of one end. */
    private static final class Seen {
        final StateEdges edges;
        final Dials dials = new Dials();
        final FullDisks full = new FullDisks();
        final SyncAnswers answers = new SyncAnswers();
        final LagTold lag = new LagTold();
        /** Hosts may write. */
        boolean open;
        boolean crashed;
        boolean made;

        Seen(String name) { edges = new StateEdges(name); }
    }

    /** What is judged of one pipe. */
    private record Talk(SaidDurable said, Arrivals arrivals, LiveWrites live) {
        Talk() { this(new SaidDurable(), new Arrivals(), new LiveWrites()); }
    }

    private record Comparison(End asker, Verification asked) { }

    private final World w;
    private final Timelines timelines = new Timelines();
    private final Payload payload = new Payload();
    private final Seen[] seen = {new Seen("east"), new Seen("west")};
    private final Cuts cuts = new Cuts();
    private final Map<SimPipe, Talk> talks = new HashMap<>();
    private final List<Comparison> comparisons = new ArrayList<>();
    private final Rot rot;
    private boolean recovering;
    /** True from the first time both ends were in sync: from then on the target always has a consistent point. */
    private boolean synced;
    /** Resynchronisations when the pair was parted last. */
    private int resyncsBefore;
    /** Everything acknowledged has reached the target before a switch, and nothing was written since. */
    private boolean drained;
    /** A session has been open since. */
    private boolean begun;

    Judge(World w) {
        this.w = w;
        this.rot = new Rot(w);
    }

    private Seen of(End e) { return seen[e.index]; }

    // ---- what hosts are told ----

    void writing(End e, Map<Integer, Long> blocks) {
        drained = false;
        timelines.writing(e.index, blocks);
        payload.written(blocks.size());
    }

    void written(End e, Map<Integer, Long> blocks) {
        timelines.written(e.index, blocks);
        if (e.cluster.isUp() && e.cluster.hosting().status(e.id).isPresent()) of(e).lag.wrote(blocks, w.time.nowNs());   // one of no pair owes nobody anything
        if (World.TALKATIVE) e.cluster.trace("write " + timelines.writes(e.index) + " to " + new java.util.TreeSet<>(blocks.keySet()));
    }

    /** A write has been taken: it is answered at once, or waits for the target. */
    void waits(End e, long number, Map<Integer, Long> blocks) {
        if (answeredUpTo(e) < Long.MAX_VALUE) of(e).answers.wrote(number, blocks);
    }

    private static long answeredUpTo(End e) { return e.cluster.disk(e.id).map(d -> d.synchrony().acknowledgedUpTo()).orElse(Long.MAX_VALUE); }

    void failed(End e, Map<Integer, Long> blocks) {
        of(e).answers.failed(blocks);
        of(e).lag.failed(blocks.keySet());
        blocks.keySet().forEach(block -> payload.doubted(block, 1));
    }

    /** A bit of a block has turned on one end while the other holds it whole. */
    void rots(int block) {
        rot.turns();
        payload.rots(block);
    }

    Rot rot() { return rot; }

    int writes(End e) { return timelines.writes(e.index); }

    void flushed(End e) { timelines.flushed(e.index); }

    // ---- what goes over the wire ----

    @Override public void dialled(SimCluster by, UUID pair) {
        End e = w.end(by);
        if (World.TALKATIVE) e.cluster.trace("dials");
        require(e, of(e).dials.wrong(pair, w.time.nowNs()), "dials");
    }

    @Override public void opened(SimPipe dialler, UUID pair) {
        of(w.end(dialler.owner())).dials.reached(pair);
        Talk fresh = new Talk();
        talks.keySet().removeIf(SimPipe::isClosed);
        talks.put(dialler, fresh);
        talks.put(dialler.far(), fresh);
        payload.sessionBegins(synced || !begun);
        if (w.ends().stream().anyMatch(this::lacksSnapshots)) payload.doubtsAll();
        begun = true;
    }

    /** One that its source may not have tracked the changes up to. */
    private boolean lacksSnapshots(End e) {
        if (!e.cluster.isUp()) return false;
        return e.snapshots().stream().anyMatch(s -> s.terms().replicated() && !e.other().stored().snapshots.containsKey(s.uuid()));
    }

    @Override public void sent(SimPipe by, byte[] frame) {
        End e = w.end(by.owner());
        Talk talk = talks.get(by);
        if (talk == null) return;                        // the session that it belongs to was refused
        SaidDurable.Promise promise = talk.said.promises(frame);
        if (promise != SaidDurable.Promise.NONE) {
            BlockTable found = recovered(e, promise == SaidDurable.Promise.SURVIVES_A_KILL ? SimCrash.Kind.KILL : SimCrash.Kind.POWER);
            require(e, talk.said.wrong(frame, block -> staged(e, block).orElse(found.get(block)).print()), "says that something is kept");
        }
        talk.said.sent(frame);
        talk.arrivals.sent(frame).ifPresent(a -> arrives(e, a));
        require(e, talk.live.wrong(frame, e.cluster.hosting().mode(e.id).filter(Mode.SNAPSHOTS_ONLY::equals).isPresent()), "ships");
        if (payload.beginsEpoch(frame)) epochBegins(e);
        require(e, payload.wrong(frame, () -> allocated(e) + allocated(e.other())), "ships");
    }

    /** What a power cut would leave of a block in the layer that is being staged. */
    private static Optional<Content> staged(End e, int block) { return Optional.ofNullable(e.stored().staged).flatMap(layer -> layer.durably(block)); }

    private void epochBegins(End source) {
        rot.setsAside(source, payload::mayDoubt);
        SimVolume target = source.other().stored();
        Map<UUID, Integer> snapshots = new HashMap<>();
        source.stored().snapshots.forEach((name, s) -> snapshots.put(name, differing(s.content(), target)));
        payload.epochBegins(differing(source.stored().now, target), snapshots);
    }

    /** Blocks that the target holds otherwise, or has staged otherwise. */
    private static int differing(BlockTable cut, SimVolume target) {
        BitSet blocks = cut.differing(target.now);
        blocks.or(target.rotten(target.now));
        SimStaged staged = target.staged;
        if (staged != null) staged.filled().stream().filter(block -> staged.get(block).print() != cut.get(block).print()).forEach(blocks::set);
        return blocks.cardinality();
    }

    private static long allocated(End e) {
        SimStaged staged = e.stored().staged;
        return e.stored().now.count() + (staged == null ? 0 : staged.filled().cardinality()) + e.stored().snapshots.values().stream().mapToLong(s -> s.content().count()).max().orElse(0);
    }

    /** I5, and what a split brain must not lose. */
    private void arrives(End e, Arrivals.Arrival what) {
        Map<UUID, SimVolume.Snapshot> there = e.stored().snapshots;
        if (what.committed()) require(e, timelines.loses(e.index, keptFor(e)), "overwrites");
        if (what.snapshot().isEmpty()) return;
        UUID name = what.snapshot().get();
        require(e, there.containsKey(name) ? null : "snapshot " + name + " is not there", "says that it is taken");
        if (what.committed() && cuts.knows(name)) require(e, cuts.wrong(name, e.content()), "shows a snapshot");
        lookAtSnapshots(e);
    }

    /** Where what this end held may still be found: its snapshots, and the other end. */
    private static List<IntToLongFunction> keptFor(End e) {
        List<BlockTable> kept = new ArrayList<>(e.stored().snapshots.values().stream().map(SimVolume.Snapshot::content).toList());
        kept.add(e.other().stored().now);
        return kept.stream().<IntToLongFunction>map(table -> block -> table.get(block).print()).toList();
    }

    private void lookAtSnapshots(End e) {
        e.stored().snapshots.forEach((name, s) -> {
            if (cuts.fresh(e.index, name)) require(e, cuts.wrong(name, s.content().prints()), "holds a snapshot");
        });
    }

    // ---- what operators do ----

    /** Somebody has taken a snapshot of what held this. {@code ships}: it is to be on both ends. */
    void taken(UUID name, Map<Integer, Long> content, boolean ships) {
        cuts.taken(name, content);
        if (ships) timelines.ships(cuts.content(name));
    }

    /** Nothing is shared from here on, until both ends are in sync as a pair again. */
    void parted() {
        synced = begun = false;
        for (Seen s : seen) s.lag.forget();
        payload.doubtsAll();
        resyncsBefore = w.resyncs.size();
    }

    void verifies(End e, Verification asked) {
        comparisons.add(new Comparison(e, asked));
        payload.compares(Math.max(w.sizeBytes(e), w.sizeBytes(e.other())) >> 20);
    }

    /** Nothing but bit rot makes two ends differ that are in step, and that is told apart. */
    private void compared() {
        for (Comparison c : comparisons)
            c.asked.result().filter(r -> r.differing() > r.damaged() || r.damaged() > rot.turned())
                .ifPresent(r -> require(c.asker, r.differing() + " blocks differ, " + r.damaged() + " are damaged, and " + rot.turned() + " have rotted", "finds in a comparison"));
        comparisons.removeIf(c -> c.asked.result().isPresent() || !c.asked.failure().isEmpty());
    }

    // ---- what is there ----

    /** Sees every change of what an end may do and of what it shows, as it happens. */
    void look() {
        compared();
        for (End e : w.ends()) {
            SimCluster cluster = e.cluster;
            if (cluster.isUp() && !cluster.isAwake()) continue;
            Seen s = of(e);
            boolean open = cluster.writable(e.id);
            if (open && !s.open) opens(e, s);
            s.open = open;
            if (!cluster.isUp()) continue;
            answered(e, s);
            String state = e.state();
            require(e, s.edges.wrong(state, e.hasSession()), "shows");
            require(e, s.full.wrong(state, Math.min(roomForNs(e), roomForNs(e.other())), w.time.nowNs()), "shows");
            if (!synced && w.resyncs.size() > resyncsBefore && state.equals("Active") && w.bothActive()) synced = true;
        }
    }

    private static long roomForNs(End e) { return e.cluster.store().trouble().roomForNs(); }

    /** While writes wait for the target, those that are answered are there. */
    private void answered(End e, Seen s) {
        long upTo = answeredUpTo(e);
        if (!s.open || upTo == Long.MAX_VALUE || of(e.other()).open) s.answers.forget();     // hosts may write over it there
        else if (s.answers.answers(upTo)) {
            BlockTable found = recovered(e.other(), SimCrash.Kind.KILL);
            require(e, s.answers.wrong(upTo, block -> found.get(block).print()), "answers");
        }
    }

    private void opens(End e, Seen s) {
        Map<Integer, Long> content = e.content();
        if (synced || !s.made) require(e, timelines.wrong(e.index, content, s.crashed, rot.lost()), "opens for writing");
        timelines.opened(e.index, content);
        for (Seen each : seen) each.lag.forget();
        if (!drained) payload.doubtsAll();               // no planned switch
        drained = false;
        s.crashed = false;
        s.made = true;
    }

    /** What each end would be found to hold if it crashed or were promoted now. */
    void inspect() {
        for (End e : w.ends()) {
            lookAtSnapshots(e);
            if (!of(e).made) continue;
            if (of(e).open) require(e, timelines.wrongTip(e.index, e.content()), "serves hosts");
            lag(e);
            if (!synced) continue;
            SimCrash.Kind kind = w.time.oneIn(3) ? SimCrash.Kind.KILL : SimCrash.Kind.POWER;
            require(e, timelines.wrong(e.index, recovered(e, kind).prints(), true, rot.lost()), "would be found after a " + kind);
        }
        if (synced) w.ends().forEach(this::ships);
    }

    /** I8, of a source whose target was not written to by hosts itself, and does not go on from an older snapshot. */
    private void lag(End e) {
        if (of(e.other()).open) of(e).lag.forget();
        if (!of(e).open || !e.cluster.isAwake() || e.cluster.hosting().status(e.id).filter(s -> s.adopted() == Access.READ_WRITE).isEmpty()) return;
        LagMeter.Reading told = e.cluster.sabotage().lag(e.cluster.disk(e.id).orElseThrow().lag(w.time.nowNs()));
        if (lag(e, told, e.other().stored().now) == null || timelines.isShipped(e.other().content())) return;
        require(e, lag(e, told, recovered(e.other(), SimCrash.Kind.POWER)), "says of its lag");
    }

    private @Nullable String lag(End e, LagMeter.Reading told, BlockTable there) {
        return of(e).lag.wrong(told.bytes(), told.oldestNs(), w.time.nowNs(), e.cluster.awokeNs(), block -> there.get(block).print());
    }

    /** I4: a source in sync that has nothing left to ship has a target that holds the same, durably. */
    private void ships(End e) {
        if (!inSyncSource(e) || e.cluster.disk(e.id).orElseThrow().dirtyBlocks() > 0) return;
        if (!recovered(e.other(), SimCrash.Kind.POWER).same(e.stored().now)) require(e, w.difference(), "has nothing left to ship and its target differs");
        payload.settled();
        for (Seen s : seen) s.lag.settled(w.time.nowNs());
    }

    private boolean inSyncSource(End e) {
        if (!e.cluster.isAwake() || !e.other().cluster.isUp() || !w.bothActive()) return false;
        return e.cluster.hosting().status(e.id).filter(s -> s.role() == PairEndpoint.Role.SOURCE && s.flow() == PairEndpoint.Flow.ACTIVE).isPresent();
    }

    /** What this end's volume would hold after a crash now. */
    private BlockTable recovered(End e, SimCrash.Kind kind) {
        if (recovering) throw new IllegalStateException("judged while judging");
        recovering = true;
        SimStore fork = e.cluster.store().fork(e.id, kind, w.time.dice);
        try {
            ReplicatedVolume.open(e.id, fork.open(e.id), new Shared(new RingBudget(0)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            recovering = false;
        }
        return fork.volume(e.id).now;
    }

    private void require(End e, @Nullable String what, String when) {
        if (what != null) throw new AssertionError(e.cluster.name() + " " + when + ": " + what);
    }

    // ---- what the clusters say ----

    void drained() { drained = true; }

    void resynced(String reason) {
        if (synced && reason.equals("first-sync")) throw new AssertionError("a second first sync");
    }

    void ended(End e, Optional<SimCrash.Kind> kind) {
        Seen s = of(e);
        comparisons.removeIf(c -> c.asker == e);
        s.open = false;
        s.crashed = kind.isPresent();
        s.edges.restarted();
        s.dials.restarted();
        s.full.restarted();
        s.answers.forget();
        s.lag.forget();
        if (kind.isEmpty()) {
            timelines.flushed(e.index);
            return;
        }
        timelines.crashed(e.index, e.content());
        if (e.stored().staged != null || e.other().stored().staged != null) payload.doubtsAll();
        e.stored().intents.stream().forEach(region -> payload.doubted(region * SimVolume.REGION_BLOCKS, SimVolume.REGION_BLOCKS));
    }

    /** Payload of the running session so far. */
    long payloadBytes() { return payload.sentBytes(); }
}
