package io.dyad.peerlink;

import io.dyad.replication.BadFrameException;
import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of a volume pair's pipe over a wire. A thread of its own reads; header and payload leave in one write. */
final class WirePipe implements FramePipe {
    private static final Logger LOG = LoggerFactory.getLogger(WirePipe.class);
    private static final String OPEN = "";

    private final Wire wire;
    private final UUID volumePair;
    private final BufferPool buffers;
    private final Opening opening;
    private final ByteBuffer header = ByteBuffer.allocateDirect(Frame.HEADER_BYTES);
    private final AtomicReference<String> closedWhy = new AtomicReference<>(OPEN);
    private final CountDownLatch ended = new CountDownLatch(1);

    /** What must cross before the first frame: the accepting end's welcome. Does its work once. */
    interface Opening {
        void ensure() throws IOException;
    }

    WirePipe(Wire wire, UUID volumePair, BufferPool buffers, Opening opening) {
        this.wire = wire;
        this.volumePair = volumePair;
        this.buffers = buffers;
        this.opening = opening;
    }

    @Override public void send(Frame frame) throws LinkDownException {
        try {
            opening.ensure();
            header.clear();
            frame.putHeader(header);
            wire.write(header.flip(), frame.payload().duplicate());
        } catch (IOException e) {
            close("sending failed: " + e.getMessage());
            throw new LinkDownException("pipe of volume pair " + volumePair + " is closed: " + closedWhy.get(), e);
        }
    }

    @Override public void close() { close("closed here"); }

    void close(String why) {
        closedWhy.compareAndSet(OPEN, why);
        wire.close();
    }

    /** Reads until the pipe ends; {@code closed} is the last call to the receiver. */
    void run(Receiver receiver) {
        try {
            opening.ensure();
            ByteBuffer incoming = ByteBuffer.allocate(Frame.HEADER_BYTES);
            while (true) receiver.frame(next(incoming));
        } catch (BadFrameException e) {
            LOG.warn("pipe of volume pair {} closed for a bad frame from {}: {}", volumePair, wire.peerAddress(), e.getMessage());
            close("bad frame: " + e.getMessage());
        } catch (IOException e) {
            close("link lost: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("pipe of volume pair {} closed: its receiver failed", volumePair, e);
            close("receiver failed: " + e);
        } finally {
            try {
                receiver.closed(closedWhy.get());
            } finally {
                ended.countDown();
            }
        }
    }

    private Frame next(ByteBuffer incoming) throws IOException, BadFrameException {
        wire.read(incoming.clear());
        incoming.flip();
        int bytes = Frame.payloadBytes(incoming);
        if (bytes == 0) return Frame.parse(incoming, ByteBuffer.allocate(0), () -> { });
        BufferPool.Loan loan = buffers.take(bytes);
        boolean whole = false;
        try {
            wire.read(loan.buffer());
            Frame frame = Frame.parse(incoming, loan.buffer().flip(), loan.giveBack());
            whole = true;
            return frame;
        } finally {
            if (!whole) loan.giveBack().run();
        }
    }

    /** The pipe never came to be: nobody will run it. */
    void abandon(String why) {
        close(why);
        ended.countDown();
    }

    boolean awaitEnd(Duration limit) throws InterruptedException { return ended.await(limit.toNanos(), TimeUnit.NANOSECONDS); }
}
