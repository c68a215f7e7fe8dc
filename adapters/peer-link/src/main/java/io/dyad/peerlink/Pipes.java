package io.dyad.peerlink;

import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The pipes of one cluster pair, one a volume pair at most. They live no longer than its control link. */
final class Pipes {
    private static final int DIALS_AT_A_TIME = 16;
    private final UUID pair;
    private final Context context;
    private final ReentrantLock turn;
    private final BooleanSupplier linked;
    private final Semaphore dials = new Semaphore(DIALS_AT_A_TIME, true);
    private final Map<UUID, WirePipe> pipes = new HashMap<>();

    /** {@code turn} is the peer's; under it {@code linked} tells whether there is a control link. */
    Pipes(UUID pair, Context context, ReentrantLock turn, BooleanSupplier linked) {
        this.pair = pair;
        this.context = context;
        this.turn = turn;
        this.linked = linked;
    }

    /** Opens a wire to the other end. */
    interface Dial {
        Context.Dialled<Long> go() throws IOException;
    }

    /** The dialling end's. */
    FramePipe open(UUID volumePair, Dial dial, FramePipe.Receiver receiver) throws LinkDownException {
        try {
            awaitEndOf(volumePair);
            Context.Dialled<Long> dialled = inTurn(dial);
            WirePipe pipe = new WirePipe(dialled.wire(), volumePair, context.buffers(), context.held(), () -> { });
            register(volumePair, pipe);
            Thread.ofPlatform().daemon().name("peer-pipe-" + volumePair).start(() -> run(volumePair, pipe, receiver));
            return pipe;
        } catch (LinkDownException e) {
            throw e;
        } catch (IOException e) {
            throw new LinkDownException("pipe of volume pair " + volumePair + " was refused: " + e.getMessage(), e);
        }
    }

    /** A few at a time, or the other end turns most of them away, see {@link Door#MAX_STRANGERS}, and each waits out its back-off. */
    private Context.Dialled<Long> inTurn(Dial dial) throws IOException {
        try {
            if (!dials.tryAcquire(context.settings().timing().handshake().toNanos(), TimeUnit.NANOSECONDS)) throw new LinkDownException("too many pipes are being opened");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LinkDownException("interrupted while it waited its turn", e);
        }
        try {
            return dial.go();
        } finally {
            dials.release();
        }
    }

    /** The accepting end's pipe: the listener may refuse it; else reads until it ends. */
    void accept(Login.Guest guest) throws IOException {
        UUID volumePair = guest.hello().volumePair();
        awaitEndOf(volumePair);
        WirePipe pipe = new WirePipe(guest.wire(), volumePair, context.buffers(), context.held(), guest::welcome);
        register(volumePair, pipe);
        FramePipe.Receiver receiver;
        try {
            receiver = context.listener().pipe(pair, volumePair, pipe);
        } catch (LinkDownException | RuntimeException e) {
            unregister(volumePair, pipe);
            RefusedException refused = guest.refuse(String.valueOf(e.getMessage()));
            pipe.abandon("refused");
            throw refused;
        }
        Thread.currentThread().setName("peer-pipe-" + volumePair);
        run(volumePair, pipe, receiver);
    }

    /** Ends all of them. Under {@code turn}. */
    void close(String why) { pipes.values().forEach(pipe -> pipe.close(why)); }

    private void run(UUID volumePair, WirePipe pipe, FramePipe.Receiver receiver) {
        try {
            pipe.run(receiver);
        } finally {
            unregister(volumePair, pipe);
        }
    }

    /** A volume pair has one pipe: an older one ends, its receiver told, before a newer one begins. */
    private void awaitEndOf(UUID volumePair) throws LinkDownException {
        WirePipe old;
        turn.lock();
        try {
            old = pipes.get(volumePair);
        } finally {
            turn.unlock();
        }
        if (old == null) return;
        old.close("replaced by a newer pipe");
        try {
            if (!old.awaitEnd(context.settings().timing().handshake())) throw new LinkDownException("the former pipe has not ended yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LinkDownException("interrupted while the former pipe ends", e);
        }
    }

    private void register(UUID volumePair, WirePipe pipe) throws LinkDownException {
        turn.lock();
        try {
            String why = !linked.getAsBoolean() ? "no control link" : pipes.get(volumePair) == null ? "" : "another pipe came first";
            if (!why.isEmpty()) {
                pipe.abandon(why);
                throw new LinkDownException(why);
            }
            pipes.put(volumePair, pipe);
        } finally {
            turn.unlock();
        }
    }

    private void unregister(UUID volumePair, WirePipe pipe) {
        turn.lock();
        try {
            pipes.remove(volumePair, pipe);
        } finally {
            turn.unlock();
        }
    }
}
