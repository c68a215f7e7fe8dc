package io.dyad.peerlink;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Buffers of one size between wires and their sockets, for all wires of the process: a wire has one while bytes are on their way
 * and none while it is idle, so that a thousand idle wires cost little. A few are kept, those that were used last first.
 */
final class SocketBuffers {
    static final int BYTES = 256 << 10;
    static final SocketBuffers SHARED = new SocketBuffers();
    private static final int MOST_KEPT = 32;

    private final ConcurrentLinkedDeque<Pair> kept = new ConcurrentLinkedDeque<>();
    private final AtomicInteger count = new AtomicInteger();

    /**
     * {@code heap} for the cipher: with direct ones the JDK took a third more time for both ends together. {@code direct} for the
     * socket: without it the JDK keeps one of the same size for each thread that ever read or wrote.
     */
    record Pair(ByteBuffer heap, ByteBuffer direct) { }

    Pair take() {
        Pair last = kept.pollFirst();
        if (last == null) return new Pair(ByteBuffer.allocate(BYTES), ByteBuffer.allocateDirect(BYTES));
        count.decrementAndGet();
        return last;
    }

    void giveBack(Pair used) {
        used.heap.clear();
        used.direct.clear();
        if (count.incrementAndGet() <= MOST_KEPT) kept.addFirst(used);
        else count.decrementAndGet();
    }
}
