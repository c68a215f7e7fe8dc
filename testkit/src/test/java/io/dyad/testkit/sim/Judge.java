package io.dyad.testkit.sim;

import io.dyad.replication.Shared;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.RingBudget;
import io.dyad.testkit.sim.World.End;
import io.dyad.testkit.sim.check.Dials;
import io.dyad.testkit.sim.check.Payload;
import io.dyad.testkit.sim.check.SaidDurable;
import io.dyad.testkit.sim.check.StateEdges;
import io.dyad.testkit.sim.check.SyncAnswers;
import io.dyad.testkit.sim.check.Timelines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows the checks what happens and what is there, and ends the story when one of them objects. */
final class Judge implements SimNetwork.Tap {
    /** What is judged of one end. */
    private static final class Seen {
        final StateEdges edges;
        final Dials dials = new Dials();
        final SyncAnswers answers = new SyncAnswers();
        /** Hosts may write. */
        boolean open;
        boolean crashed;
        boolean made;

        Seen(String name) { edges = new StateEdges(name); }
    }

    private final World w;
    private final Timelines timelines = new Timelines();
    private final Payload payload = new Payload();
    private final Seen[] seen = {new Seen("east"), new Seen("west")};
    private final Map<SimPipe, SaidDurable> promises = new HashMap<>();
    private boolean recovering;
    /** True from the first time both ends were in sync: from then on the target always has a consistent point. */
    private boolean synced;

    Judge(World w) { this.w = w; }

    private Seen of(End e) { return seen[e.index]; }

    // ---- what hosts are told ----

    void writing(End e, Map<Integer, Long> blocks) {
        timelines.writing(e.index, blocks);
        payload.written(blocks.size());
    }

    void written(End e, Map<Integer, Long> blocks) {
        timelines.written(e.index, blocks);
        if (World.TALKATIVE) e.cluster.trace("write " + timelines.writes(e.index) + " to " + new java.util.TreeSet<>(blocks.keySet()));
    }

    /** A write has been taken: it is answered at once, or waits for the target. */
    void waits(End e, long number, Map<Integer, Long> blocks) {
        if (answeredUpTo(e) < Long.MAX_VALUE) of(e).answers.wrote(number, blocks);
    }

    private static long answeredUpTo(End e) { return e.cluster.disk(e.id).map(d -> d.synchrony().acknowledgedUpTo()).orElse(Long.MAX_VALUE); }

    void failed(End e, Map<Integer, Long> blocks) { of(e).answers.failed(blocks); }

    int writes(End e) { return timelines.writes(e.index); }

    void flushed(End e) { timelines.flushed(e.index); }

    // ---- what goes over the wire ----

    @Override public void dialled(SimCluster by) {
        End e = w.end(by);
        require(e, of(e).dials.wrong(w.time.nowNs()), "dials");
    }

    @Override public void opened(SimPipe dialler) {
        SaidDurable fresh = new SaidDurable();
        promises.keySet().removeIf(SimPipe::isClosed);
        promises.put(dialler, fresh);
        promises.put(dialler.far(), fresh);
        payload.sessionBegins(synced, differing());
    }

    /** Blocks that are not the same on both ends, or of which one end has staged another content than the other end's. */
    private long differing() {
        BitSet blocks = new BitSet();
        BlockTable[] now = {w.a.stored().now, w.b.stored().now};
        for (int end = 0; end < 2; end++) {
            BlockTable other = now[1 - end];
            now[end].each((content, block) -> blocks.set(block, content.print() != other.get(block).print()));
        }
        for (End e : w.ends()) {
            SimStaged staged = e.stored().staged;
            if (staged == null) continue;
            BlockTable other = now[1 - e.index];
            staged.filled().stream().filter(block -> staged.get(block).print() != other.get(block).print()).forEach(blocks::set);
        }
        return blocks.cardinality();
    }

    @Override public void sent(SimPipe by, byte[] frame) {
        End e = w.end(by.owner());
        SaidDurable said = promises.get(by);
        if (said == null) return;                        // the session that it belongs to was refused
        SaidDurable.Promise promise = said.promises(frame);
        if (promise != SaidDurable.Promise.NONE) {
            BlockTable found = recovered(e, promise == SaidDurable.Promise.SURVIVES_A_KILL ? SimCrash.Kind.KILL : SimCrash.Kind.POWER);
            require(e, said.wrong(frame, block -> found.get(block).print()), "says that something is kept");
        }
        said.sent(frame);
        require(e, payload.wrong(frame), "ships");
    }

    // ---- what is there ----

    /** Sees every change of what an end may do and of what it shows, as it happens. */
    void look() {
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
            if (!synced && !w.resyncs.isEmpty() && state.equals("Active") && w.bothActive()) synced = true;
        }
    }

    /** While writes wait for the target, those that are answered are there. */
    private void answered(End e, Seen s) {
        long upTo = answeredUpTo(e);
        if (!s.open || upTo == Long.MAX_VALUE) s.answers.forget();
        else if (s.answers.answers(upTo)) {
            BlockTable found = recovered(e.other(), SimCrash.Kind.KILL);
            require(e, s.answers.wrong(upTo, block -> found.get(block).print()), "answers");
        }
    }

    private void opens(End e, Seen s) {
        Map<Integer, Long> content = e.content();
        if (synced || !s.made) require(e, timelines.wrong(e.index, content, s.crashed), "opens for writing");
        timelines.opened(e.index, content);
        s.crashed = false;
        s.made = true;
    }

    /** What each end would be found to hold if it crashed or were promoted now. */
    void inspect() {
        if (!synced) return;
        for (End e : w.ends()) {
            if (!of(e).made) continue;
            SimCrash.Kind kind = w.time.oneIn(3) ? SimCrash.Kind.KILL : SimCrash.Kind.POWER;
            require(e, timelines.wrong(e.index, recovered(e, kind).prints(), true), "would be found after a " + kind);
            if (of(e).open) require(e, timelines.wrongTip(e.index, e.content()), "serves hosts");
        }
        w.ends().forEach(this::ships);
    }

    /** I4: a source in sync that has nothing left to ship has a target that holds the same, durably. */
    private void ships(End e) {
        if (!inSyncSource(e) || e.cluster.disk(e.id).orElseThrow().dirtyBlocks() > 0) return;
        if (!recovered(e.other(), SimCrash.Kind.POWER).same(e.stored().now)) require(e, w.difference(), "has nothing left to ship and its target differs");
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

    void resynced(String reason) {
        if (synced && reason.equals("first-sync")) throw new AssertionError("a second first sync");
    }

    void ended(End e, Optional<SimCrash.Kind> kind) {
        Seen s = of(e);
        s.open = false;
        s.crashed = kind.isPresent();
        s.edges.restarted();
        s.dials.restarted();
        s.answers.forget();
        if (kind.isEmpty()) {
            timelines.flushed(e.index);
            return;
        }
        timelines.crashed(e.index, e.content());
    }

    /** Payload of the running session so far. */
    long payloadBytes() { return payload.sentBytes(); }
}
