package io.dyad.replication;

import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.PairEndpoint.Role;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The target's end of one session over a pipe: which of its three machines a frame is for. One owner thread calls it.
 *
 * <pre>
 *   WAITING ──ATTACH──> COMPARED ──EPOCH──> TRANSFER ──END: one durable step──> STREAMING
 *   {@link TargetAttach}                     {@link EpochReceiver}                        {@link StreamReceiver}
 *                                              ^                                   │ EPOCH: the source's ring overflowed
 *                                              └───────────────────────────────────┘
 * </pre>
 */
final class Receiver implements Session {
    enum Phase { WAITING, COMPARED, TRANSFER, STREAMING }

    private final ReplicatedVolume volume;
    private final Inlet inlet;
    private final TargetAttach attach;
    private final TargetCompare compare;
    private final EpochReceiver epoch;
    private final StreamReceiver stream;
    private final TargetVerify verify;
    private final Healing healing;
    private final Consumer<UUID> arrived;
    private Phase phase = Phase.WAITING;

    /** {@code arrived} is told of every snapshot of the source that is taken here. */
    Receiver(ReplicatedVolume volume, FramePipe pipe, EpochReceiver.Keeper keeper, Consumer<UUID> arrived) {
        this.volume = volume;
        this.arrived = arrived;
        this.inlet = new Inlet(pipe);
        this.attach = new TargetAttach(volume, inlet);
        this.epoch = new EpochReceiver(volume, keeper);
        this.verify = new TargetVerify(volume, inlet);
        this.healing = new Healing(volume, epoch::content, inlet::send);
        this.compare = new TargetCompare(inlet);
        this.stream = new StreamReceiver(volume, inlet);
    }

    @Override public Role role() { return Role.TARGET; }

    @Override public Flow flow() {
        return switch (phase) {
            case WAITING   -> Flow.CONNECTING;
            case COMPARED  -> Flow.COMPARING;
            case TRANSFER  -> Flow.TRANSFER;
            case STREAMING -> Flow.ACTIVE;
        };
    }

    @Override public boolean streams() { return phase == Phase.STREAMING; }

    @Override public boolean steady() { return streams(); }

    @Override public boolean owes() { return streams() && stream.owesForce(); }

    @Override public Overload overload() { return Overload.NONE; }

    @Override public long blocksLeft() { return epoch.blocksLeft(); }

    @Override public long blocksTotal() { return epoch.blocksTotal(); }

    @Override public void frame(Frame frame, long nowNs) throws IOException {
        inlet.came(frame);
        switch (frame.type()) {
            case ATTACH -> attach(frame);
            case EPOCH  -> begin(frame);
            case ASK    -> answer(frame);
            case BLOCKS, RUNS, ZEROES -> take(frame, nowNs);
            case END    -> commit(frame);
            case WRITES -> stream(frame);
            case FLUSH  -> stream.wanted(frame.number());
            case SNAPSHOT -> snapshot(Names.one(frame));
            case VERIFY -> cut(frame);
            case PROVE  -> verify.prove(frame);
            case VERIFIED -> verify.done(frame);
            case FETCH  -> healing.give(frame);
            case FETCHED -> healing.take(frame);
            case POSITION, STAGED, DIVERGED, DIGESTS, HOLDS, TAKEN, PROOF, COMPARE, COMMITTED, RECEIVED, ACK, DETACH -> throw new BadFrameException(frame.type() + " from a source");
        }
        if (!inlet.due()) return;
        if (phase == Phase.STREAMING) stream.receive(false, nowNs);
        if (inlet.owes()) acknowledge();
    }

    private void attach(Frame frame) throws IOException {
        attach.answer(frame);
        epoch.attached(attach.source(), attach.own());
        phase = Phase.COMPARED;
    }

    private void begin(Frame frame) throws IOException {
        stream.settle();
        epoch.begin(frame);
        phase = Phase.TRANSFER;
    }

    private void answer(Frame frame) throws IOException {
        if (phase != Phase.TRANSFER) throw new BadFrameException("ASK outside an epoch");
        compare.answer(frame, epoch.content());
    }

    private void take(Frame frame, long nowNs) throws IOException {
        if (phase != Phase.TRANSFER) throw new BadFrameException(frame.type() + " outside an epoch");
        epoch.take(frame, nowNs);
    }

    private void commit(Frame frame) throws IOException {
        if (phase != Phase.TRANSFER) throw new BadFrameException("END " + frame.number() + " outside an epoch");
        Optional<UUID> snapshot = Names.optional(frame);
        epoch.commit(frame.number(), snapshot, frame.offsetBytes());
        stream.begin();
        inlet.send(Frame.of(FrameType.COMMITTED, frame.number()));
        snapshot.ifPresent(arrived);
        phase = Phase.STREAMING;
    }

    private void cut(Frame frame) throws IOException {
        if (phase != Phase.STREAMING) throw new BadFrameException("VERIFY outside a stream");
        stream.settle();
        verify.cut(frame);
    }

    /** Asks the source to compare both ends. */
    @Override public void verify(Verification wanted) throws LinkDownException { verify.propose(wanted); }

    /** The other end's copy of a block that is damaged here is asked for, once that end has heard what may differ. */
    @Override public void heal(long offsetBytes, Runnable answered) throws LinkDownException {
        if (phase == Phase.WAITING) answered.run();
        else healing.ask(offsetBytes, now -> answered.run());
    }

    /** Everything before it in the stream is on the disk when it is taken. */
    private void snapshot(UUID name) throws IOException {
        stream.settle();
        volume.cuts().requireRoomFor(name);
        volume.cuts().keep(name);
        inlet.send(Frame.of(FrameType.TAKEN, 0, 0, Names.of(List.of(name))));
        arrived.accept(name);
    }

    private void stream(Frame frame) throws IOException {
        if (phase != Phase.STREAMING) throw new BadFrameException("writes outside a stream");
        stream.take(frame);
    }

    @Override public @Nullable Force force(long nowNs) throws IOException {
        return switch (phase) {
            case WAITING, COMPARED -> null;
            case TRANSFER          -> epoch.force(nowNs);
            case STREAMING         -> stream.force(nowNs);
        };
    }

    @Override public void forced() throws IOException {
        if (phase == Phase.TRANSFER || phase == Phase.STREAMING) acknowledge();
    }

    private void acknowledge() throws LinkDownException { inlet.acknowledge(stream.durableSeq(), epoch.durableFrames()); }

    /** Called when no frame is waiting: takes what came into the journal, says so, and folds. False when nothing was left to do. */
    @Override public boolean step(long nowNs) throws IOException {
        boolean busy = phase == Phase.STREAMING && stream.receive(true, nowNs);
        if (inlet.owes()) acknowledge();
        return !epoch.staging() && volume.fold() || busy;
    }

    @Override public long dueNs(long nowNs, long neverNs) { return phase == Phase.TRANSFER ? epoch.dueNs(neverNs) : stream.dueNs(neverNs); }

    /** Ends the session: what was acknowledged is on the disk, an unfinished epoch waits, the last point stands. */
    @Override public void stop() throws IOException {
        healing.stop();
        verify.stop();
        stream.settle();
        epoch.stop();
    }
}
