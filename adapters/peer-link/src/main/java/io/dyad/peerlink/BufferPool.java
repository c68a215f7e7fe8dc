package io.dyad.peerlink;

import io.dyad.replication.Frame;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Direct buffers for the payloads of received frames, by powers of two from 4 KiB up. Keeps a bounded number of idle bytes. */
final class BufferPool {
    private static final int MIN_SHIFT = 12;
    private static final int MAX_SHIFT = Integer.SIZE - Integer.numberOfLeadingZeros(Frame.MAX_PAYLOAD_BYTES - 1);
    private static final long MAX_IDLE_BYTES = 64L << 20;

    private final ConcurrentLinkedQueue<?>[] idle = new ConcurrentLinkedQueue<?>[MAX_SHIFT - MIN_SHIFT + 1];
    private final AtomicLong idleBytes = new AtomicLong();

    BufferPool() {
        for (int i = 0; i < idle.length; i++) idle[i] = new ConcurrentLinkedQueue<ByteBuffer>();
    }

    /** A buffer on loan; giving it back twice does nothing. */
    record Loan(ByteBuffer buffer, Runnable giveBack) { }

    Loan take(int bytes) {
        int size = Math.max(MIN_SHIFT, Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1)) - MIN_SHIFT;
        ByteBuffer pooled = queue(size).poll();
        if (pooled != null) idleBytes.addAndGet(-pooled.capacity());
        ByteBuffer buffer = pooled != null ? pooled : ByteBuffer.allocateDirect(1 << size + MIN_SHIFT);
        AtomicBoolean lent = new AtomicBoolean(true);
        return new Loan(buffer.duplicate().limit(bytes), () -> { if (lent.getAndSet(false)) giveBack(size, buffer); });
    }

    private void giveBack(int size, ByteBuffer buffer) {
        if (idleBytes.addAndGet(buffer.capacity()) > MAX_IDLE_BYTES) idleBytes.addAndGet(-buffer.capacity());
        else queue(size).add(buffer);
    }

    @SuppressWarnings("unchecked")
    private ConcurrentLinkedQueue<ByteBuffer> queue(int size) { return (ConcurrentLinkedQueue<ByteBuffer>) idle[size]; }
}
