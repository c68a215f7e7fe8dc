package io.dyad.replication;

/** A source's way out: frames to the target, their bytes bounded by a window until the target has taken them in. One owner thread. */
final class Outlet {
    private static final long WINDOW_BYTES = 16 << 20;
    private final FramePipe pipe;
    private final Rate pair;
    private final Rate cluster;
    private boolean limited;
    private boolean heldUp;
    private long sentBytes;
    private long takenBytes;

    Outlet(FramePipe pipe, Rate pair, Rate cluster) {
        this.pipe = pipe;
        this.pair = pair;
        this.cluster = cluster;
    }

    void send(Frame frame) throws LinkDownException {
        sentBytes += frame.wireBytes();
        pair.spend(frame.wireBytes());
        cluster.spend(frame.wireBytes());
        pipe.send(frame);
    }

    /** The target has taken in this much since the pipe was opened. */
    void taken(long bytes) { takenBytes = bytes; }

    /** True when more may be sent now, as window and rates go. */
    boolean open(long nowNs) {
        if (sentBytes - takenBytes >= WINDOW_BYTES) return false;
        limited = !pair.allows(nowNs) || !cluster.allows(nowNs);
        heldUp |= limited;
        return !limited;
    }

    /** True when a rate has held it up since everything there was had been sent. */
    boolean heldUp() { return heldUp; }

    /** Everything there was is sent. */
    void idle() { heldUp = false; }

    /** When a rate lets more through, or {@code neverNs} when none holds it up. */
    long dueNs(long nowNs, long neverNs) { return limited ? Math.max(pair.dueNs(nowNs) - nowNs, cluster.dueNs(nowNs) - nowNs) + nowNs : neverNs; }
}
