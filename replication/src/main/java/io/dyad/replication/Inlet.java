package io.dyad.replication;

/** A target's way in: counts what has come and tells the source what it may forget. One owner thread. */
final class Inlet {
    private static final long ACK_EVERY_BYTES = 1 << 20;
    private final FramePipe pipe;
    private long takenBytes;
    private long unackedBytes;

    Inlet(FramePipe pipe) { this.pipe = pipe; }

    void came(Frame frame) {
        takenBytes += frame.wireBytes();
        unackedBytes += frame.wireBytes();
    }

    /** True when so much has come that the source should hear of it now. */
    boolean due() { return unackedBytes >= ACK_EVERY_BYTES; }

    /** True when the source has not heard of all that came. */
    boolean owes() { return unackedBytes > 0; }

    void send(Frame frame) throws LinkDownException { pipe.send(frame); }

    /** Everything streamed up to {@code seq} is received here; {@code dry}: and nothing more waits to be taken in. */
    void received(long seq, boolean dry) throws LinkDownException {
        pipe.send(Frame.of(FrameType.RECEIVED, seq, takenBytes, dry ? 1 : 0));
        unackedBytes = 0;
    }

    /** Everything up to {@code durableSeq} is durable, and so many frames of the running epoch. */
    void acknowledge(long durableSeq, long durableFrames) throws LinkDownException {
        pipe.send(Frame.of(FrameType.ACK, durableSeq, takenBytes, durableFrames));
        unackedBytes = 0;
    }
}
