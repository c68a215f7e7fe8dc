package io.dyad.peerlink;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening socket. A stranger gets a thread, a bounded opening and the handshake's time, nothing more; at most
 * {@value #MAX_STRANGERS} are inside at once.
 */
final class Door {
    static final int MAX_STRANGERS = 64;
    private static final Logger LOG = LoggerFactory.getLogger(Door.class);

    private final ServerSocketChannel server;
    private final Context context;
    private final Pairing pairing;
    private final Map<UUID, Peer> peers;
    private final Semaphore strangers = new Semaphore(MAX_STRANGERS);
    private final Thread porter = Thread.ofPlatform().daemon().name("peer-door").unstarted(this::acceptAll);
    private final Map<SocketChannel, Boolean> inside = new ConcurrentHashMap<>();

    /** {@code peers} is a concurrent map that others change. */
    Door(ServerSocketChannel server, Context context, Pairing pairing, Map<UUID, Peer> peers) {
        this.server = server;
        this.context = context;
        this.pairing = pairing;
        this.peers = peers;
    }

    void open() { porter.start(); }

    /** Waits until the porter has let go of the port, which an accept under way would hold. */
    void close() {
        Sockets.close(server);
        inside.keySet().forEach(Sockets::close);
        try {
            porter.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll() {
        while (server.isOpen()) {
            try {
                accept(server.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("cannot accept peers just now: {}", e.getMessage());
                pause();
            }
        }
    }

    private void accept(SocketChannel channel) {
        if (!strangers.tryAcquire()) {
            LOG.warn("a peer was turned away: {} others have not said who they are yet", MAX_STRANGERS);
            Sockets.close(channel);
            return;
        }
        Visit visit = new Visit(channel);
        try {
            Thread.ofPlatform().daemon().name("peer-visit").start(visit);
        } catch (RuntimeException | Error e) {
            visit.end();
            throw e;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One accepted connection, on a thread of its own. */
    private final class Visit implements Runnable {
        private final SocketChannel channel;
        private final Future<?> deadline;
        private boolean stranger = true;

        Visit(SocketChannel channel) {
            this.channel = channel;
            this.deadline = context.deadline(channel);
            inside.put(channel, true);
        }

        @Override public void run() {
            String from = "a peer";
            try {
                from = String.valueOf(channel.getRemoteAddress());
                Sockets.tune(channel);
                receive(context.settings().transport().over(channel, context.settings().identity(), false));
            } catch (IOException e) {
                LOG.info("{} was turned away: {}", from, deadline.isDone() && stranger ? "not done in time" : e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("{} was turned away", from, e);
            } finally {
                end();
            }
        }

        private void receive(Wire wire) throws IOException {
            Exchange.Hello hello = new Exchange(wire).greeted();
            switch (hello.kind()) {
                case PAIRING -> pairing.admit(wire, hello);
                case CONTROL -> {
                    Login.Guest guest = Login.accept(wire, hello, context.secrets(), context.settings().identity());
                    peer(guest).accept(admitted(guest));
                }
                case PIPE -> {
                    Login.Guest guest = Login.accept(wire, hello, context.secrets(), context.settings().identity());
                    peer(guest).acceptPipe(admitted(guest));
                }
            }
        }

        private Peer peer(Login.Guest guest) throws IOException {
            Peer peer = peers.get(guest.pair());
            if (peer == null) throw guest.refuse("this end is not ready for cluster pair " + guest.pair());
            return peer;
        }

        private Login.Guest admitted(Login.Guest guest) {
            deadline.cancel(false);
            leaveStrangers();
            return guest;
        }

        private void leaveStrangers() {
            if (stranger) strangers.release();
            stranger = false;
        }

        private void end() {
            deadline.cancel(false);
            leaveStrangers();
            Sockets.close(channel);
            inside.remove(channel);
        }
    }
}
