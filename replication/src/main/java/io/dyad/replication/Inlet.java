package io.dyad.replication;

import java.nio.ByteBuffer;

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

    /** Everything up to {@code durableSeq} is durable, and so many frames of the running epoch. */
    void acknowledge(long durableSeq, long durableFrames) throws LinkDownException {
        pipe.send(new Frame(FrameType.ACK, durableSeq, takenBytes, durableFrames, ByteBuffer.allocate(0), () -> { }));
        unackedBytes = 0;
    }
}
