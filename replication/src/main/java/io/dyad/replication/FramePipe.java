package io.dyad.replication;

/** An ordered, authenticated pipe of frames to the other end of one volume pair. */
public interface FramePipe {
    /** Sends a frame; may wait while the link is full. The payload is free for reuse when it returns. One thread sends. */
    void send(Frame frame) throws LinkDownException;

    /** Ends the pipe on both ends; frames on the way may be lost. Idempotent, from any thread. */
    void close();

    /** Where a pipe's incoming frames go: one thread, in order; {@code closed} comes last, exactly once. */
    interface Receiver {
        /** Takes over the frame and releases it in time; may wait, which slows the sender down. */
        void frame(Frame frame);

        void closed(String why);
    }
}
