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
        this.stream = new StreamReceiver(volume);
    }

    Phase phase() { return phase; }

    long blocksLeft() { return epoch.blocksLeft(); }

    long blocksTotal() { return epoch.blocksTotal(); }

    void frame(Frame frame) throws IOException {
        inlet.came(frame);
        switch (frame.type()) {
            case ATTACH -> attach(frame);
            case EPOCH  -> begin(frame);
            case BLOCKS -> take(frame, true);
            case ZEROES -> take(frame, false);
            case END    -> commit(frame);
            case WRITE  -> stream(frame, true);
            case ZERO   -> stream(frame, false);
            case POSITION, DIVERGED, COMMITTED, ACK, DETACH -> throw new BadFrameException(frame.type() + " from a source");
        }
        if (inlet.due()) acknowledge();
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

    private void acknowledge() throws LinkDownException { inlet.acknowledge(stream.durableSeq(), epoch.durableFrames()); }

    /** Called when no frame is waiting: makes durable what came, says so, and folds. False when nothing was left to do. */
    boolean step() throws IOException {
        boolean busy = stream.commit();
        if (busy || inlet.owes()) acknowledge();
        return !epoch.staging() && volume.fold() || busy;
    }

    /** Ends the session: what was acknowledged is on the disk, an unfinished epoch is dropped, the last point stands. */
    void stop() throws IOException {
        stream.settle();
        epoch.discard();
    }
}
