package io.dyad.replication;

/** A source's way out: frames to the target, their bytes bounded by a window until the target has taken them in. One owner thread. */
final class Outlet {
    private static final long WINDOW_BYTES = 16 << 20;
    private final FramePipe pipe;
    private long sentBytes;
    private long takenBytes;

    Outlet(FramePipe pipe) { this.pipe = pipe; }

    void send(Frame frame) throws LinkDownException {
        sentBytes += frame.wireBytes();
        pipe.send(frame);
    }

    /** The target has taken in this much since the pipe was opened. */
    void taken(long bytes) { takenBytes = bytes; }

    /** True when more may be sent. */
    boolean open() { return sentBytes - takenBytes < WINDOW_BYTES; }
}
