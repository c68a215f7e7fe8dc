package io.dyad.replication;

import io.dyad.replication.Hello.Base;
import java.io.IOException;

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
 * From the cut of an epoch the ring records, and when it has not overflowed by the commit, streaming goes on from there.
 */
final class Shipper {
    enum Phase { ATTACHING, EPOCH, COMMITTING, STREAMING }

    private final ReplicatedVolume volume;
    private final Outlet outlet;
    private final SourceAttach attach;
    private final EpochShipper epoch;
    private final StreamShipper stream;
    private Phase phase = Phase.ATTACHING;
    private boolean first;
    private int epochs;
    private boolean targetKeepsUp = true;
    private Overload overload = Overload.NONE;

    Shipper(ReplicatedVolume volume, FramePipe pipe, Rate rate) throws LinkDownException {
        this.volume = volume;
        this.outlet = new Outlet(pipe, rate, volume.clusterRate());
        this.attach = new SourceAttach(volume);
        this.epoch = new EpochShipper(volume, outlet);
        this.stream = new StreamShipper(volume, outlet);
        attach.greet(outlet);
    }

    Phase phase() { return phase; }

    /** True when this session made the first sync. */
    boolean firstSync() { return first; }

    /** True once the target has held everything since this session's stream began. */
    boolean caughtUp() { return phase == Phase.STREAMING && stream.caughtUp(); }

    /** True when a Sync source may slow its host down so that this session gets to the end: it streams, or has begun over. */
    boolean mustConverge() { return phase == Phase.STREAMING || epochs > 1; }

    /** The resync has been reported: what is shipped from here on belongs to the next. */
    void resynced() {
        first = false;
        epoch.resetCounts();
    }

    long shippedBlocks() { return epoch.shippedBlocks(); }

    long payloadBytes() { return epoch.payloadBytes(); }

    /** The last write the target holds durably; meaningful while streaming. */
    long durableSeq() { return stream.durableSeq(); }

    /** Blocks of the running epoch that are left to send, and its size. */
    long blocksLeft() { return epoch.blocksLeft(); }

    long blocksTotal() { return epoch.blocksTotal(); }

    void frame(Frame frame) throws IOException {
        switch (frame.type()) {
            case POSITION  -> attach.position(frame);
            case DIVERGED  -> {
                if (attach.diverged(frame)) attached();
            }
            case RECEIVED  -> received(frame);
            case ACK       -> acked(frame);
            case COMMITTED -> committed(frame.number());
            case ATTACH, EPOCH, BLOCKS, ZEROES, END, WRITE, ZERO, FLUSH, DETACH -> throw new BadFrameException(frame.type() + " from a target");
        }
    }

    private void attached() throws IOException {
        first = attach.base() != Base.COMMON_POINT;
        begin(attach.epoch() + 1, attach.differing(), first);
    }

    private void begin(long number, DirtyMap more, boolean direct) throws IOException {
        stream.from(epoch.begin(number, more, direct));
        phase = Phase.EPOCH;
        epochs++;
    }

    private void next() throws IOException { begin(epoch.epoch() + 1, new DirtyMap(), false); }

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
        epoch.committed(number);
        if (!volume.recording()) {
            next();
            return;
        }
        stream.begin();
        phase = Phase.STREAMING;
    }

    /** One bounded piece of work; false when there is nothing to do until something arrives. */
    boolean step(long nowNs) throws IOException {
        boolean folded = !epoch.running() && volume.fold();
        return switch (phase) {
            case ATTACHING, COMMITTING -> folded;
            case EPOCH -> outlet.open(nowNs) && shipBlocks();
            case STREAMING -> outlet.open(nowNs) && stream() || folded;
        };
    }

    private boolean shipBlocks() throws IOException {
        epoch.ship();
        if (epoch.sent()) phase = Phase.COMMITTING;
        return true;
    }

    private boolean stream() throws IOException {
        if (stream.ship()) return true;
        if (volume.recording()) {
            outlet.idle();
            return false;
        }
        overload = outlet.heldUp() || !targetKeepsUp ? Overload.LIMIT : Overload.LINK;
        next();                                        // the ring overflowed: catch up by an epoch
        return true;
    }

    /** Why the stream did not keep up with the host, until it has caught up again. */
    Overload overload() {
        if (caughtUp()) overload = Overload.NONE;
        return overload;
    }

    /** When a step is due without a frame, or {@code neverNs}. */
    long dueNs(long nowNs, long neverNs) { return outlet.dueNs(nowNs, neverNs); }

    /** True when the target durably holds every write up to now. */
    boolean drained() { return phase == Phase.STREAMING && volume.quiet(); }

    /** Ends the session: what the target may lack goes back to the dirty map. */
    void stop() throws IOException {
        epoch.stop();
        volume.stopRecording();
    }
}
