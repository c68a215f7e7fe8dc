package io.dyad.replication;

import java.io.IOException;

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
final class Receiver {
    enum Phase { WAITING, COMPARED, TRANSFER, STREAMING }

    private final ReplicatedVolume volume;
    private final Inlet inlet;
    private final TargetAttach attach;
    private final EpochReceiver epoch;
    private final StreamReceiver stream;
    private Phase phase = Phase.WAITING;

    Receiver(ReplicatedVolume volume, FramePipe pipe) {
        this.volume = volume;
        this.inlet = new Inlet(pipe);
        this.attach = new TargetAttach(volume, inlet);
        this.epoch = new EpochReceiver(volume);
        this.stream = new StreamReceiver(volume, inlet);
    }

    Phase phase() { return phase; }

    long blocksLeft() { return epoch.blocksLeft(); }

    long blocksTotal() { return epoch.blocksTotal(); }

    void frame(Frame frame, long nowNs) throws IOException {
        inlet.came(frame);
        switch (frame.type()) {
            case ATTACH -> attach(frame);
            case EPOCH  -> begin(frame);
            case BLOCKS -> take(frame, true);
            case ZEROES -> take(frame, false);
            case END    -> commit(frame);
            case WRITE  -> stream(frame, true);
            case ZERO   -> stream(frame, false);
            case FLUSH  -> stream.wanted(frame.number());
            case POSITION, DIVERGED, COMMITTED, RECEIVED, ACK, DETACH -> throw new BadFrameException(frame.type() + " from a source");
        }
        if (!inlet.due()) return;
        if (phase == Phase.STREAMING) receive(false, nowNs);
        if (inlet.owes()) acknowledge();
    }

    private void attach(Frame frame) throws IOException {
        attach.answer(Hello.parse(frame.payload()));
        phase = Phase.COMPARED;
    }

    private void begin(Frame frame) throws IOException {
        stream.settle();
        epoch.begin(frame);
        phase = Phase.TRANSFER;
    }

    private void take(Frame frame, boolean data) throws IOException {
        if (phase != Phase.TRANSFER) throw new BadFrameException(frame.type() + " outside an epoch");
        epoch.take(frame, data);
    }

    private void commit(Frame frame) throws IOException {
        if (phase != Phase.TRANSFER) throw new BadFrameException("END " + frame.number() + " outside an epoch");
        epoch.commit(frame.number());
        inlet.send(Frame.of(FrameType.COMMITTED, frame.number()));
        phase = Phase.STREAMING;
    }

    private void stream(Frame frame, boolean data) throws IOException {
        if (phase != Phase.STREAMING) throw new BadFrameException(frame.type() + " outside a stream");
        stream.take(frame, data);
    }

    private boolean receive(boolean dry, long nowNs) throws IOException {
        boolean some = stream.receive(dry, nowNs);
        boolean forced = stream.force(nowNs);
        if (forced) acknowledge();
        return some || forced;
    }

    private void acknowledge() throws LinkDownException { inlet.acknowledge(stream.durableSeq(), epoch.durableFrames()); }

    /** Called when no frame is waiting: takes what came into the journal, says so, makes durable what is due, and folds. False when nothing was left to do. */
    boolean step(long nowNs) throws IOException {
        boolean busy = phase == Phase.STREAMING && receive(true, nowNs);
        if (inlet.owes()) acknowledge();
        return !epoch.staging() && volume.fold() || busy;
    }

    /** When a step is due without a frame, or {@code neverNs}. */
    long dueNs(long neverNs) { return stream.dueNs(neverNs); }

    /** Ends the session: what was acknowledged is on the disk, an unfinished epoch is dropped, the last point stands. */
    void stop() throws IOException {
        stream.settle();
        epoch.discard();
    }
}
