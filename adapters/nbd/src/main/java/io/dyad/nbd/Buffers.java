package io.dyad.nbd;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Session buffers kept for the next session: touching fresh memory is slow, and direct memory is not given back in time. */
final class Buffers {
    private static final int IN_BYTES = 1 << 20;
    private static final int OUT_BYTES = Session.PIECE_BYTES + (64 << 10);
    private static final int KEPT = 16;
    private final ArrayBlockingQueue<Pair> idle = new ArrayBlockingQueue<>(KEPT);

    /** What one session receives into and answers from. */
    record Pair(ByteBuffer in, ByteBuffer out) {}

    Pair take() {
        var kept = idle.poll();
        return kept != null ? kept : new Pair(ByteBuffer.allocateDirect(IN_BYTES), ByteBuffer.allocateDirect(OUT_BYTES));
    }

    /** One too many is left to the collector. */
    boolean giveBack(Pair pair) { return idle.offer(pair); }
}
