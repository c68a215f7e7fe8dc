package io.dyad.peerlink;

import io.dyad.peerlink.packing.HeldBudget;
import io.dyad.peerlink.packing.Packing;
import io.dyad.replication.BadFrameException;
import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of a volume pair's pipe over a wire. A thread of its own reads. Each end greets first: how many blocks it can keep for the other to refer to. */
final class WirePipe implements FramePipe {
    private static final Logger LOG = LoggerFactory.getLogger(WirePipe.class);
    private static final String OPEN = "";

    private final Wire wire;
    private final UUID volumePair;
    private final HeldBudget budget;
    private final int canKeep;
    private final Outgoing outgoing;
    private final Incoming incoming;
    private final Opening opening;
    private final AtomicReference<String> closedWhy = new AtomicReference<>(OPEN);
    private final CountDownLatch ended = new CountDownLatch(1);

    /** What must cross before anything else: the accepting end's welcome. */
    interface Opening {
        void ensure() throws IOException;
    }

    WirePipe(Wire wire, UUID volumePair, BufferPool buffers, HeldBudget budget, Opening opening) {
        this.wire = wire;
        this.volumePair = volumePair;
        this.budget = budget;
        this.canKeep = budget.take();
        this.outgoing = new Outgoing(wire, budget, System::nanoTime);
        this.incoming = new Incoming(wire, buffers, budget);
        this.opening = once(() -> {
            opening.ensure();
            wire.write(Packing.greeting(canKeep));
        });
    }

    private static Opening once(Opening work) {
        ReentrantLock lock = new ReentrantLock();
        List<Opening> left = new ArrayList<>(List.of(work));
        return () -> {
            lock.lock();
            try {
                if (!left.isEmpty()) left.removeFirst().ensure();
            } finally {
                lock.unlock();
            }
        };
    }

    @Override public void send(Frame frame) throws LinkDownException {
        try {
            opening.ensure();
            outgoing.send(frame);
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
            outgoing.kept(incoming.greeted(canKeep));
            while (true) receiver.frame(incoming.next());
        } catch (BadFrameException e) {
            LOG.warn("pipe of volume pair {} closed for a bad frame from {}: {}", volumePair, wire.peerAddress(), e.getMessage());
            close("bad frame: " + e.getMessage());
        } catch (IOException e) {
            close("link lost: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("pipe of volume pair {} closed: its receiver failed", volumePair, e);
            close("receiver failed: " + e);
        } finally {
            outgoing.end();
            incoming.end();
            budget.giveBack(canKeep);
            try {
                receiver.closed(closedWhy.get());
            } finally {
                ended.countDown();
            }
        }
    }

    /** The pipe never came to be: nobody will run it. */
    void abandon(String why) {
        close(why);
        budget.giveBack(canKeep);
        ended.countDown();
    }

    boolean awaitEnd(Duration limit) throws InterruptedException { return ended.await(limit.toNanos(), TimeUnit.NANOSECONDS); }
}
