package io.dyad.cluster;

import io.dyad.domain.Access;
import io.dyad.replication.DamagedBlockException;
import io.dyad.replication.Force;
import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.PairEndpoint.Status;
import io.dyad.replication.Verification;
import io.dyad.replication.pairing.Hosting.Wanted;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one {@link PairEndpoint}. One thread at a time has the turn, mostly the owner: it takes inputs in order,
 * steps the endpoint while it has work, and sleeps until something arrives or is due. While the endpoint is steady, whoever
 * brings something takes the turn if it is free, and spares a hand-over: the pipe's reader with a frame of the stream, a host's
 * thread with writes that wait for the target; and while the owner waits for the disk ({@link Force}). A reader never ships: it
 * would not hear the target while the pipe is full.
 * Frames wait here for their turn; the source's window bounds how many.
 */
final class PairRunner {
    private static final Logger LOG = LoggerFactory.getLogger(PairRunner.class);
    /** An idle pair looks up this often, for layers that others left to be folded. */
    private static final long LONGEST_NAP_NS = 5_000_000_000L;
    /** A host's thread steps no further than that: its writes and what its flush waits for are sent then. */
    private static final int STEPS_A_TURN = 3;
    private final PairEndpoint endpoint;
    private final Dialler dialler;
    private final Runnable flowChanged;
    private final Queue<Input> inbox = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ReentrantLock turn = new ReentrantLock();
    private final Thread owner;
    private volatile Wanted wanted;
    private volatile boolean asleep;
    /** Waits for the disk beside the owner, or has. The owner's. */
    private @Nullable Thread disk;
    /** There is something for the owner. */
    private volatile boolean called;
    /** Hosts have written: for the owner, or for whoever has the turn. */
    private volatile boolean written;
    private volatile long wakesAtNs;
    private volatile boolean stopped;

    /** Something for the endpoint, on its owner's thread. */
    private interface Input {
        void give(long nowNs) throws IOException;
    }

    /** Opens this pair's pipe from this end. */
    interface Dialler {
        FramePipe dial(Wanted wanted, FramePipe.Receiver receiver) throws LinkDownException;
    }

    PairRunner(PairEndpoint endpoint, Wanted wanted, Dialler dialler, Runnable flowChanged) {
        this.endpoint = endpoint;
        this.wanted = wanted;
        this.dialler = dialler;
        this.flowChanged = flowChanged;
        endpoint.volume().onWrite(this::pushed);
        inbox.add(now -> endpoint.wish(wanted.wish(), now));
        owner = Thread.ofPlatform().daemon().name("pair-" + endpoint.volume().id()).start(this::run);
    }

    Status status() { return endpoint.status(); }

    Wanted wanted() { return wanted; }

    void want(Wanted now) {
        if (now.equals(wanted)) return;
        wanted = now;
        give(at -> endpoint.wish(now.wish(), at));
    }

    /** {@code answered} runs when the other end has repaired the block, or cannot. */
    void heal(DamagedBlockException damaged, Runnable answered) { give(now -> endpoint.heal(damaged, answered)); }

    void verify(Verification asked) { give(now -> endpoint.verify(asked)); }

    /** Waits until the volume has really taken this access; false when it has not in time. */
    boolean awaitAdopted(Access access, long timeoutNs) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long left = timeoutNs; status().adopted() != access; left = changed.awaitNanos(left)) if (left <= 0 || stopped) return false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The other end has opened the pipe. */
    FramePipe.Receiver accept(FramePipe pipe) {
        give(now -> endpoint.opened(pipe, now));
        return new Ear(pipe);
    }

    /** Ends the session in order and the thread with it. */
    void stop() {
        give(now -> {
            try {
                endpoint.stop();
            } finally {
                stopped = true;
            }
        });
        await(owner);
    }

    private void give(Input input) {
        inbox.add(input);
        wake();
    }

    private void wake() {
        called = true;
        if (asleep) LockSupport.unpark(owner);
    }

    private void run() {
        Status before = endpoint.status();
        while (!stopped) {
            boolean busy = false;
            boolean steady = false;
            Force force = null;
            turn.lock();
            try {
                called = written = false;
                long nowNs = System.nanoTime();
                busy = round(nowNs);
                force = endpoint.force(nowNs);
                steady = endpoint.steady();
            } catch (IOException | RuntimeException e) {
                LOG.error("replication of volume {} failed", endpoint.volume().id(), e);
            } finally {
                turn.unlock();
            }
            if (force != null && steady) busy = ran(force);
            else if (force != null) runAside(force);
            Status after = endpoint.status();
            if (after.flow() != before.flow() || after.adopted() != before.adopted() || after.role() != before.role() || stopped) tell();
            before = after;
            if (!busy) nap();
        }
        await(disk);
    }

    /** Waits for the disk while others have the turn. */
    private boolean ran(Force force) {
        force.run();
        turn.lock();
        try {
            endpoint.forced(force, System.nanoTime());
        } catch (IOException | RuntimeException e) {
            LOG.error("replication of volume {} failed", endpoint.volume().id(), e);
        } finally {
            turn.unlock();
        }
        return true;
    }

    /** Has another wait for the disk: nobody but the owner takes in what comes now. */
    private void runAside(Force force) {
        Thread before = disk;
        disk = Thread.ofPlatform().daemon().name("force-" + endpoint.volume().id()).start(() -> {
            await(before);
            force.run();
            give(now -> endpoint.forced(force, now));
        });
    }

    private static void await(@Nullable Thread ended) {
        try {
            if (ended != null) ended.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One input, or one step; false when there is nothing to do before {@code wakesAtNs}. */
    private boolean round(long nowNs) throws IOException {
        Input input = inbox.poll();
        if (input != null) {
            input.give(nowNs);
            return true;
        }
        if (work(nowNs)) return true;
        wakesAtNs = endpoint.dueNs(nowNs, nowNs + LONGEST_NAP_NS);
        return false;
    }

    /** Hosts have written. Where they wait for the target their thread ships; else the owner does. */
    private void pushed() {
        if (endpoint.volume().synchrony().alone()) {
            wake();
            return;
        }
        written = true;
        while (written && turn.tryLock()) {
            try {
                written = false;
                if (!quickly(null)) wake();
            } finally {
                turn.unlock();
            }
        }
    }

    /** Has the turn for what is brought, or a step; false when that is the owner's: nothing is done then. The turn is held. */
    private boolean quickly(@Nullable Input brought) {
        if (!inbox.isEmpty() || !endpoint.steady()) return false;
        long nowNs = System.nanoTime();
        try {
            if (brought != null) brought.give(nowNs);
            int steps = brought == null ? STEPS_A_TURN : endpoint.status().role() == PairEndpoint.Role.TARGET ? 1 : 0;
            while (steps > 0 && endpoint.step(nowNs)) steps--;
            if (endpoint.owes() || endpoint.dueNs(nowNs, nowNs + LONGEST_NAP_NS) - wakesAtNs < 0) wake();
        } catch (IOException | RuntimeException e) {
            LOG.error("replication of volume {} failed", endpoint.volume().id(), e);
            wake();
        }
        return true;
    }

    private boolean work(long nowNs) throws IOException {
        if (endpoint.step(nowNs)) return true;
        if (!wanted.dials() || !endpoint.wantsPipe(nowNs)) return false;
        Ear ear = new Ear(null);
        try {
            FramePipe pipe = dialler.dial(wanted, ear);
            ear.pipe = pipe;
            endpoint.opened(pipe, nowNs);
            return true;
        } catch (LinkDownException e) {
            endpoint.unreachable(nowNs);
            return false;
        }
    }

    private void nap() {
        asleep = true;
        long left = wakesAtNs - System.nanoTime();
        if (!called && !written && left > 0) LockSupport.parkNanos(this, left);
        asleep = false;
    }

    private void tell() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        flowChanged.run();
    }

    /** Where a pipe's frames come in. */
    private final class Ear implements FramePipe.Receiver {
        private volatile @Nullable FramePipe pipe;

        Ear(@Nullable FramePipe pipe) { this.pipe = pipe; }

        @Override public void frame(Frame frame) {
            if (!frame.type().streams() || !tookTurn(frame)) give(now -> take(frame, now));
            else if (written) wake();
        }

        private boolean tookTurn(Frame frame) {
            if (!turn.tryLock()) return false;
            try {
                return quickly(now -> take(frame, now));
            } finally {
                turn.unlock();
            }
        }

        private void take(Frame frame, long nowNs) throws IOException {
            FramePipe from = pipe;
            if (from == null) frame.release();
            else endpoint.frame(from, frame, nowNs);
        }

        @Override public void closed(String why) {
            give(now -> {
                FramePipe gone = pipe;
                if (gone != null) endpoint.closed(gone, now);
            });
        }
    }
}
