package io.dyad.peerlink;

import io.dyad.peerlink.Exchange.Hello;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.pairing.PeerMessage;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one cluster pair: at most one control link, and pipes that live no longer than it. The dialling end
 * redials for as long as the pair is kept.
 */
final class Peer {
    private static final Logger LOG = LoggerFactory.getLogger(Peer.class);

    private final UUID pair;
    private final Context context;
    private final ExecutorService news;         // tells the listener, one thing after the other
    private final ReentrantLock turn = new ReentrantLock();
    private final Pipes pipes;
    private volatile String link;
    private volatile boolean cut;
    private volatile boolean gone;
    private volatile @Nullable ControlLink control;
    private volatile @Nullable Thread dialling;

    Peer(UUID pair, String link, Context context) {
        this.pair = pair;
        this.link = link;
        this.context = context;
        this.pipes = new Pipes(pair, context, turn, () -> control != null);
        this.news = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("peer-news-" + pair).factory());
    }

    void keep(String newLink, boolean dial) {
        turn.lock();
        try {
            link = newLink;
            if (dial && dialling == null && !gone) dialling = Thread.ofVirtual().name("peer-dial-" + pair).start(this::dialWhileKept);
        } finally {
            turn.unlock();
        }
    }

    /** Ends everything; nothing of this peer comes back. */
    void end(String why) {
        turn.lock();
        try {
            gone = true;
            drop(why);
            Thread dialler = dialling;
            if (dialler != null) dialler.interrupt();
            news.shutdown();
        } finally {
            turn.unlock();
        }
    }

    void cut() {
        turn.lock();
        try {
            cut = true;
            drop("cut");
        } finally {
            turn.unlock();
        }
    }

    void heal() { cut = false; }

    PeerMessage call(PeerMessage request) throws LinkDownException { return control().call(request); }

    long latencyNs() throws LinkDownException { return control().latencyNs(); }

    private ControlLink control() throws LinkDownException {
        ControlLink now = control;
        if (now == null) throw new LinkDownException("no link of cluster pair " + pair);
        return now;
    }

    private void dialWhileKept() {
        long firstNs = context.settings().timing().redialMin().toNanos();
        long backOffNs = firstNs;
        boolean said = false;
        while (!gone) {
            try {
                serve(dialControl());
                backOffNs = firstNs;
                said = false;
            } catch (IOException e) {
                if (!said) LOG.info("cluster pair {}: {}; trying again until it answers", pair, e.getMessage());
                said = true;
            }
            backOffNs = pause(backOffNs);
        }
    }

    /** Waits for a part of the back-off and returns the next one. */
    private long pause(long backOffNs) {
        try {
            if (!gone) Thread.sleep(java.time.Duration.ofNanos(ThreadLocalRandom.current().nextLong(backOffNs / 2, backOffNs + 1)));
        } catch (InterruptedException e) {
            // only end() interrupts
        }
        return Math.min(2 * backOffNs, context.settings().timing().redialMax().toNanos());
    }

    private ControlLink dialControl() throws IOException {
        if (cut) throw new LinkDownException("cut");
        Context.Dialled<Long> dialled = login(Hello.control(pair));
        return attach(dialled.wire(), dialled.result(), () -> { });
    }

    private Context.Dialled<Long> login(Hello hello) throws IOException {
        Secrets.Shared shared = context.secrets().shared(pair).orElseThrow(() -> new LinkDownException("no secret shared with cluster pair " + pair));
        return context.dial(link, wire -> {
            long roundTripNs = Login.dial(wire, hello, shared, context.settings().identity());
            context.secrets().proven(pair);
            return roundTripNs;
        });
    }

    /** The accepting end's control link: welcomes the guest and serves it until it ends. */
    void accept(Login.Guest guest) throws IOException { serve(attach(guest.wire(), guest.roundTripNs(), guest::welcome)); }

    /** Makes the wire the pair's control link. The welcome crosses before anything else of ours can. */
    private ControlLink attach(Wire wire, long latencyNs, WirePipe.Opening welcome) throws IOException {
        ControlLink fresh = new ControlLink(wire, latencyNs, context.settings().timing(), request -> context.listener().asked(pair, request));
        turn.lock();
        try {
            if (gone || cut) throw new LinkDownException(gone ? "forgotten" : "cut");
            drop("replaced by a newer connection");
            welcome.ensure();
            control = fresh;
            tell(true, latencyNs);
            return fresh;
        } catch (IOException e) {
            wire.close();
            throw e;
        } finally {
            turn.unlock();
        }
    }

    private void serve(ControlLink serving) {
        LOG.info("cluster pair {}: link up", pair);
        String why = serving.run(context.clock());
        LOG.info("cluster pair {}: link {}", pair, why);
        turn.lock();
        try {
            if (control == serving) drop(why);
        } finally {
            turn.unlock();
        }
    }

    /** Under {@code turn}: the control link goes down, and the pipes with it. */
    private void drop(String why) {
        ControlLink old = control;
        if (old == null) return;
        control = null;
        old.close(why);
        pipes.close("link " + why);
        tell(false, old.latencyNs());
    }

    /** Under {@code turn}, so that the order of telling is the order of happening. */
    private void tell(boolean up, long latencyNs) {
        if (news.isShutdown()) return;
        news.execute(() -> {
            try {
                context.listener().link(pair, up, latencyNs);
            } catch (RuntimeException e) {
                LOG.error("cluster pair {}: listener failed on link {}", pair, up ? "up" : "down", e);
            }
        });
    }

    /** Only the dialling end does. */
    FramePipe openPipe(UUID volumePair, FramePipe.Receiver receiver) throws LinkDownException {
        control();
        if (dialling == null) throw new IllegalStateException("only the dialling end opens pipes");
        return pipes.open(volumePair, () -> login(Hello.pipe(pair, volumePair)), receiver);
    }

    /** The accepting end's pipe: the listener may refuse it; else reads until it ends. */
    void acceptPipe(Login.Guest guest) throws IOException { pipes.accept(guest); }
}
