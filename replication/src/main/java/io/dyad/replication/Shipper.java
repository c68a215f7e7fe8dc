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
    private final Comparisons comparisons;
    private final Healing healing;
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
        this.comparisons = new Comparisons(volume, outlet, stream, healing, this::next);
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
    @Override public boolean steady() { return phase == Phase.STREAMING && stream.caughtUp() && !stream.awaitsSnapshot() && comparisons.none() && source.recording(); }

    /** True when there is more to stream, and it is not held back on purpose. */
    @Override public boolean owes() { return !stream.gathers() && stream.sentSeq() < source.seq(); }

    /** True when a Sync source may slow its host down so that this session gets to the end: it streams, or has begun over. */
    boolean mustConverge() { return phase == Phase.STREAMING || epochs > 1; }

    /** What the resync that is to be reported has taken: what is shipped from here on belongs to the next, which is no first sync. */
    EpochShipper.Effort resynced() {
        first = false;
        return epoch.takeEffort();
    }

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
            case VERIFY    -> comparisons.cut(frame);
            case PROOF     -> comparisons.answered(frame);
            case COMPARE   -> comparisons.propose(new Verification(frame.number() == 1));
            case FETCH     -> healing.give(frame);
            case FETCHED   -> healing.take(frame);
            case RECEIVED  -> received(frame);
            case ACK       -> acked(frame);
            case COMMITTED -> committed(frame.number());
            case ATTACH, EPOCH, ASK, BLOCKS, RUNS, ZEROES, END, WRITES, FLUSH, SNAPSHOT, PROVE, VERIFIED, DETACH -> throw new BadFrameException(frame.type() + " from a target");
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

    @Override public boolean step(long nowNs) throws IOException { return comparisons.step(phase == Phase.STREAMING, nowNs) || advance(nowNs); }

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
    @Override public void verify(Verification wanted) { comparisons.want(wanted); }

    /** The other end's copy of a block that is damaged here is asked for, once it is known what the two do not share. */
    @Override public void heal(long offsetBytes, Runnable answered) throws LinkDownException {
        if (phase == Phase.ATTACHING) answered.run();
        else healing.ask(offsetBytes, now -> answered.run());
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
        comparisons.stop();
        epoch.stop();
        stream.stop();
        source.stopRecording();
    }
}
