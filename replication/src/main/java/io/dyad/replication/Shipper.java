package io.dyad.replication;

import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.PairEndpoint.Role;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The source's end of one session over a pipe: which of its three machines is at work. One owner thread calls it.
 *
 * <pre>
 *   ATTACHING ──POSITION, DIVERGED…──> EPOCH ──all sent──> COMMITTING ──COMMITTED──> STREAMING
 *   {@link SourceAttach}                  {@link EpochShipper} │ ring overflowed meanwhile   {@link StreamShipper} │ ring overflowed
 *                                        ^                     │                             │
 *                                        └─────── next cut ────┴─────────────────────────────┘
 * </pre>
 *
 * A snapshot that waits is an epoch of its own; with nothing but snapshots to ship a session is IDLE between them. From the
 * cut of a live epoch the ring records, and when it has not overflowed by the commit, streaming goes on from there.
 */
final class Shipper implements Session {
    enum Phase { ATTACHING, EPOCH, COMMITTING, STREAMING, IDLE }

    /** What a session ships. {@code live}: all writes; else only snapshots. {@code snapshots}: those that are to be on the target, oldest first. {@code rate}: how fast at most. */
    record Load(boolean live, List<UUID> snapshots, Rate rate) { }

    private final ReplicatedVolume volume;
    private final SourceSide source;
    private final Outlet outlet;
    private final SourceAttach attach;
    private final EpochShipper epoch;
    private final StreamShipper stream;
    private final SourceVerify verify;
    private final Healing healing;
    private @Nullable Verification verification;
    /** What the target has asked for meanwhile. */
    private @Nullable Verification proposed;
    private Phase phase = Phase.ATTACHING;
    private final Load load;
    private final Consumer<UUID> arrived;
    private final Set<UUID> onTarget = new HashSet<>();
    private Cut.@Nullable Plan firstPlan;
    private boolean first;
    private int epochs;
    private boolean shipped;
    private boolean targetKeepsUp = true;
    private Overload overload = Overload.NONE;

    /** {@code arrived} is told of every snapshot that the target turns out to hold. */
    Shipper(ReplicatedVolume volume, FramePipe pipe, Load load, Consumer<UUID> arrived) throws LinkDownException {
        this.volume = volume;
        this.source = volume.source();
        this.load = load;
        this.arrived = arrived;
        this.outlet = new Outlet(pipe, load.rate(), volume.clusterRate());
        this.attach = new SourceAttach(volume, load.snapshots());
        this.healing = new Healing(volume, source::content, outlet::send);
        this.epoch = new EpochShipper(volume, outlet, healing);
        this.stream = new StreamShipper(volume, outlet);
        this.verify = new SourceVerify(volume, outlet);
        attach.greet(outlet);
    }

    Phase phase() { return phase; }

    @Override public Role role() { return Role.SOURCE; }

    @Override public Flow flow() {
        return switch (phase) {
            case ATTACHING         -> Flow.CONNECTING;
            case EPOCH, COMMITTING -> Flow.TRANSFER;
            case STREAMING         -> caughtUp() ? Flow.ACTIVE : Flow.CATCHING_UP;
            case IDLE              -> Flow.IDLE;
        };
    }

    @Override public boolean streams() { return phase == Phase.STREAMING; }

    /** True when this session made the first sync. */
    boolean firstSync() { return first; }

    /** True once the target has held everything since this session's stream began, or every snapshot where only those ship and one did. */
    boolean caughtUp() { return phase == Phase.STREAMING && stream.caughtUp() || phase == Phase.IDLE && shipped; }

    /** True while it streams, the target has all from before that, and nothing else is under way. */
    @Override public boolean steady() { return phase == Phase.STREAMING && stream.caughtUp() && !stream.awaitsSnapshot() && verification == null && source.recording(); }

    /** True when there is more to stream, and it is not held back on purpose. */
    @Override public boolean owes() { return !stream.gathers() && stream.sentSeq() < source.seq(); }

    /** True when a Sync source may slow its host down so that this session gets to the end: it streams, or has begun over. */
    boolean mustConverge() { return phase == Phase.STREAMING || epochs > 1; }

    /** The resync has been reported: what is shipped from here on belongs to the next. */
    void resynced() {
        first = false;
        epoch.resetCounts();
    }

    long shippedBlocks() { return epoch.shippedBlocks(); }

    long payloadBytes() { return epoch.payloadBytes(); }

    /** Bytes of digests that came to settle what was in doubt. */
    long digestBytes() { return epoch.digestBytes(); }

    /** The last write the target holds durably; meaningful while streaming. */
    long durableSeq() { return stream.durableSeq(); }

    @Override public long blocksLeft() { return epoch.blocksLeft(); }

    @Override public long blocksTotal() { return epoch.blocksTotal(); }

    @Override public void frame(Frame frame, long nowNs) throws IOException {
        switch (frame.type()) {
            case POSITION  -> attach.position(frame);
            case DIVERGED  -> {
                if (attach.diverged(frame)) attached();
            }
            case STAGED    -> attach.staged(frame);
            case HOLDS     -> attach.holds(frame);
            case DIGESTS   -> epoch.answered(frame);
            case TAKEN     -> taken(Names.one(frame));
            case VERIFY    -> verify.cut(frame);
            case PROOF     -> verify.answered(frame);
            case COMPARE   -> propose(new Verification(frame.number() == 1));
            case FETCH     -> healing.give(frame);
            case FETCHED   -> healing.take(frame);
            case RECEIVED  -> received(frame);
            case ACK       -> acked(frame);
            case COMMITTED -> committed(frame.number());
            case ATTACH, EPOCH, ASK, BLOCKS, ZEROES, END, WRITES, FLUSH, SNAPSHOT, PROVE, VERIFIED, DETACH -> throw new BadFrameException(frame.type() + " from a target");
        }
    }

    private void attached() throws IOException {
        for (UUID held : attach.arrived()) outlet.send(Frame.of(FrameType.SNAPSHOT, 0, 0, Names.of(List.of(held))));
        Cut.Plan plan = attach.plan();
        first = plan.direct();
        firstPlan = plan;
        next();
    }

    /** A snapshot that waits goes first; live writes follow, where they are to. */
    private void next() throws IOException {
        Optional<UUID> snapshot = source.waitingSnapshot();
        if (snapshot.isEmpty() && !load.live()) {
            source.stopRecording();
            phase = Phase.IDLE;
            return;
        }
        Cut.Plan plan = firstPlan;
        boolean direct = plan != null && plan.direct();
        long number = plan != null ? plan.epoch() : epoch.epoch() + 1;
        Cut.Stage stage = plan != null ? plan.stage() : Cut.Stage.none();
        firstPlan = null;
        stream.from(epoch.begin(new Cut.Plan(number, direct, stage, snapshot)));
        phase = Phase.EPOCH;
        epochs++;
    }

    private void taken(UUID snapshot) {
        source.arrived(snapshot);
        if (phase == Phase.STREAMING) stream.taken();
        tell(snapshot);
    }

    private void tell(UUID snapshot) {
        onTarget.add(snapshot);
        arrived.accept(snapshot);
    }

    /** True when a snapshot is to be on the target that this session does not know of. */
    boolean misses(List<UUID> snapshots) { return snapshots.stream().anyMatch(s -> !onTarget.contains(s) && source.misses(s)); }

    private void received(Frame frame) {
        outlet.taken(frame.offsetBytes());
        targetKeepsUp = frame.lengthBytes() == 1;
        if (phase == Phase.STREAMING) volume.synchrony().received(frame.number());
    }

    private void acked(Frame ack) {
        outlet.taken(ack.offsetBytes());
        if (phase == Phase.STREAMING) stream.durable(ack.number());
        else epoch.landed(ack.lengthBytes());
    }

    private void committed(long number) throws IOException {
        epoch.committed(number).ifPresent(this::tell);
        shipped = true;
        if (!source.recording()) {
            next();
            return;
        }
        stream.begin();
        phase = Phase.STREAMING;
    }

    @Override public boolean step(long nowNs) throws IOException { return compare(nowNs) || advance(nowNs); }

    private boolean advance(long nowNs) throws IOException {
        boolean folded = !epoch.running() && volume.fold();
        return switch (phase) {
            case ATTACHING, COMMITTING -> folded;
            case EPOCH -> outlet.open(nowNs) && shipBlocks();
            case STREAMING -> outlet.open(nowNs) && stream(nowNs) || folded;
            case IDLE -> resume() || folded;
        };
    }

    private boolean shipBlocks() throws IOException {
        boolean busy = epoch.ship();
        if (epoch.sent()) phase = Phase.COMMITTING;
        return busy;
    }

    /** Compares both ends, as soon as they are in step. One comparison at a time. */
    @Override public void verify(Verification wanted) {
        if (verification != null) wanted.fail("a comparison is under way already");
        else verification = wanted;
    }

    /** The target's question waits for the comparison that is under way: it may have begun before the target asked, or be to repair nothing. */
    private void propose(Verification wanted) {
        if (verification == null) verification = wanted;
        else proposed = wanted;
    }

    /** The other end's copy of a block that is damaged here is asked for, once it is known what the two do not share. */
    @Override public void heal(long offsetBytes, Runnable answered) throws LinkDownException {
        if (phase == Phase.ATTACHING) answered.run();
        else healing.ask(offsetBytes, now -> answered.run());
    }

    private boolean compare(long nowNs) throws IOException {
        Verification wanted = verification;
        if (wanted == null || !outlet.open(nowNs)) return false;
        if (!verify.running()) {
            if (phase != Phase.STREAMING || !stream.caughtUp() || stream.awaitsSnapshot() || !source.recording()) return false;
            verify.begin(wanted);
        }
        if (phase == Phase.STREAMING && verify.mark(stream.sentSeq())) return true;
        boolean busy = verify.step();
        if (!verify.compared() || phase != Phase.STREAMING || stream.awaitsSnapshot()) return busy;     // what is to be repaired must not count before a snapshot on its way
        verify.finish();
        verification = proposed;
        proposed = null;
        if (wanted.repair()) repair();
        return true;
    }

    /** What a comparison found is made the same by an epoch, and what is damaged here fetched. */
    private void repair() throws IOException {
        DirtyMap hurt = verify.hurt();
        for (Blocks.Extent run = hurt.next(0, Blocks.BLOCK_BYTES); run.lengthBytes() > 0; run = hurt.next(run.endBytes(), Blocks.BLOCK_BYTES)) healing.ask(run.offsetBytes(), now -> { });
        if (phase == Phase.STREAMING && !source.quiet()) next();
    }

    private boolean resume() throws IOException {
        if (source.waitingSnapshot().isEmpty()) return false;
        next();
        return true;
    }

    private boolean stream(long nowNs) throws IOException {
        if (stream.ship(nowNs)) return true;
        if (stream.awaitsSnapshot() || stream.gathers()) return false;
        if (source.recording() && !source.needsEpoch(stream.sentSeq())) {
            outlet.idle();
            return false;
        }
        if (!source.recording()) overload = outlet.heldUp() || !targetKeepsUp ? Overload.LIMIT : Overload.LINK;
        next();                                        // the ring overflowed, or a snapshot cannot go in the stream: an epoch brings it
        return true;
    }

    /** Why the stream did not keep up with the host, until it has caught up again. */
    @Override public Overload overload() {
        if (caughtUp()) overload = Overload.NONE;
        return overload;
    }

    @Override public long dueNs(long nowNs, long neverNs) {
        long due = outlet.dueNs(nowNs, neverNs);
        return phase == Phase.STREAMING && due == neverNs ? stream.dueNs(neverNs) : due;
    }

    /** True when the target durably holds every write up to now, or every snapshot where only those ship. */
    boolean drained() { return phase == Phase.STREAMING && source.quiet() || phase == Phase.IDLE && source.waitingSnapshot().isEmpty(); }

    @Override public void stop() throws IOException {
        healing.stop();
        verify.stop();
        if (verification != null) verification.fail("the session ended");
        epoch.stop();
        stream.stop();
        source.stopRecording();
    }
}
