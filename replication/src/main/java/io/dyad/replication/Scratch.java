package io.dyad.replication;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Direct buffers of {@value #BYTES} bytes, lent for a step or a batch and given back. A few idle ones are kept. Safe for any thread. */
final class Scratch {
    static final int BYTES = 1 << 20;
    private static final int KEPT = 32;
    private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();

    /** An empty buffer. */
    ByteBuffer take() {
        ByteBuffer buffer = idle.poll();
        if (buffer == null) return ByteBuffer.allocateDirect(BYTES);
        kept.decrementAndGet();
        return buffer.clear();
    }

    /** One too many is left to the collector. */
    void giveBack(ByteBuffer buffer) {
        if (kept.incrementAndGet() > KEPT) kept.decrementAndGet();
        else idle.add(buffer);
    }
}
