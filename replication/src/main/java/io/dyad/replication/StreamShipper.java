package io.dyad.replication;

/**
 * Streams the writes that the ring holds, in order, many to a frame, and forgets them when they are durable on the target.
 * While a host waits for the target they leave at once; else they are gathered for a moment, which costs lag and saves work.
 */
final class StreamShipper {
    /** So much is gathered at most, or for so long. */
    static final int GATHER_BYTES = 192 << 10;
    static final long GATHER_NS = 1_000_000L;
    private final ReplicatedVolume volume;
    private final SourceSide source;
    private final Outlet outlet;
    private long sentSeq;
    private long durableSeq;
    private long targetSeq;
    private long flushedSeq;
    private boolean caughtUp;
    private int markersSent;
    private boolean gathers;
    private long gathersSinceNs;

    StreamShipper(ReplicatedVolume volume, Outlet outlet) {
        this.volume = volume;
        this.source = volume.source();
        this.outlet = outlet;
    }

    /** The target is about to hold everything up to {@code seq}; what follows will be streamed. */
    void from(long seq) {
        sentSeq = durableSeq = flushedSeq = seq;
        markersSent = 0;
        caughtUp = false;
        stop();
    }

    /** The target holds everything up to where the stream begins. */
    void begin() {
        targetSeq = source.seq();
        caughtUp = durableSeq >= targetSeq;
    }

    /** Sends the next writes, the snapshot that stands before them, or what a host's flush waits for; false when there is none, or none yet. */
    boolean ship(long nowNs) throws LinkDownException {
        Lag.Due due = source.due(sentSeq, markersSent);
        if (due.snapshot().isPresent()) {
            outlet.send(Frame.of(FrameType.SNAPSHOT, sentSeq, 0, Names.of(due.snapshot().stream().toList())));
            markersSent++;
            return true;
        }
        long wanted = volume.synchrony().wantedSeq();
        if (wanted > flushedSeq && sentSeq >= wanted) {
            outlet.send(Frame.of(FrameType.FLUSH, wanted));
            flushedSeq = wanted;
            return true;
        }
        if (due.writes().isEmpty() || early(due.writes(), nowNs)) return false;
        send(due.writes());
        return true;
    }

    /** True while it is better to wait for more. */
    private boolean early(WriteRing.Run run, long nowNs) {
        if (!volume.synchrony().alone() || run.writes().remaining() >= GATHER_BYTES || source.seq() > run.lastSeq()) return false;
        if (!gathers) {
            gathers = true;
            gathersSinceNs = nowNs;
            long writes = Math.max(1, run.lastSeq() - sentSeq);
            source.tellFrom(sentSeq + GATHER_BYTES / Math.max(1, run.writes().remaining() / writes));
        }
        return nowNs - gathersSinceNs < GATHER_NS;
    }

    private void send(WriteRing.Run run) throws LinkDownException {
        stop();
        source.sending(run.lastSeq());
        outlet.send(Frame.of(FrameType.WRITES, run.lastSeq(), 0, run.writes()));
        sentSeq = run.lastSeq();
        if (run.dataBytes() > 0) volume.meter().shipped(run.dataBytes());
    }

    /** True while writes are held back to go with more. */
    boolean gathers() { return gathers; }

    /** When those that are held back are to leave, or {@code neverNs}. */
    long dueNs(long neverNs) { return gathers ? gathersSinceNs + GATHER_NS : neverNs; }

    /** Nothing is held back. */
    void stop() {
        gathers = false;
        source.tellFrom(0);
    }

    /** The last write that is sent. */
    long sentSeq() { return sentSeq; }

    /** True while the target has not taken all the snapshots that were sent. */
    boolean awaitsSnapshot() { return markersSent > 0; }

    /** The target has taken a snapshot that was sent. */
    void taken() { markersSent = Math.max(0, markersSent - 1); }

    /** Everything up to {@code seq} is durable on the target. */
    void durable(long seq) {
        durableSeq = Math.max(durableSeq, seq);
        source.durableUpTo(durableSeq);
        if (durableSeq >= targetSeq) caughtUp = true;
    }

    /** The last write the target holds durably. */
    long durableSeq() { return durableSeq; }

    /** True once the target has held everything since the stream began. */
    boolean caughtUp() { return caughtUp; }
}
