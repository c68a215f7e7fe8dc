package io.dyad.peerlink;

import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.pairing.PeerMessage;
import io.dyad.replication.pairing.PeerNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A cluster reduced to its network, with a listener that records what it is told. */
final class Cluster implements PeerNetwork.Listener, AutoCloseable {
    static final PeerLinks.Timing BRISK = new PeerLinks.Timing(Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10),
        Duration.ofMillis(10), Duration.ofMillis(100));

    /** A change of a link, in the order told. */
    record LinkChange(UUID pair, boolean up, long latencyNs) { }

    final String name;
    final Identity identity;
    final Path secretsDir;
    final BlockingQueue<LinkChange> links = new LinkedBlockingQueue<>();
    final BlockingQueue<PeerMessage.Join> introductions = new LinkedBlockingQueue<>();
    final BlockingQueue<FramePipe> pipes = new LinkedBlockingQueue<>();
    volatile Function<PeerMessage.Join, PeerMessage> introducing;
    volatile UnaryOperator<PeerMessage> answering = request -> new PeerMessage.Done();
    volatile Function<FramePipe, FramePipe.Receiver> receiving = pipe -> new Inbox();
    private final UnaryOperator<PeerLinks.Settings> tune;
    private PeerLinks network;

    Cluster(Path dir, String name, UnaryOperator<PeerLinks.Settings> tune) throws IOException {
        this.name = name;
        this.tune = tune;
        this.identity = Identity.openOrCreate(dir.resolve(name), name, List.of("127.0.0.1"));
        this.secretsDir = dir.resolve(name).resolve("secrets");
        this.introducing = join -> new PeerMessage.Joined(introduction(join.completer().clusterPairUuid()));
        this.network = start(0);
    }

    private PeerLinks start(int port) throws IOException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return PeerLinks.open(tune.apply(PeerLinks.Settings.of(identity, secretsDir, loopback).timing(BRISK)), this);
    }

    PeerLinks network() { return network; }

    void restart() throws IOException {
        int port = Integer.parseInt(network.link().substring(network.link().lastIndexOf(':') + 1));
        network.close();
        network = start(port);
    }

    PeerMessage.Introduction introduction(UUID pair) {
        return new PeerMessage.Introduction(pair, 1, new UUID(1, 2), "ab12", name, "127.0.0.1", network.link(), "12.5.0.897");
    }

    PeerMessage complete(PeerNetwork.Offer offer) throws LinkDownException {
        return network.introduce(offer, new PeerMessage.Join(introduction(offer.clusterPair())));
    }

    static PeerNetwork.Offer offer(UUID pair, PeerNetwork.Credential c) {
        return new PeerNetwork.Offer(pair, c.link(), c.username(), c.password(), c.certificateFingerprint());
    }

    /** Pairs this cluster, the starter, with the completer and waits for both ends to be told that the link is up. */
    UUID pairWith(Cluster completer) throws LinkDownException {
        UUID pair = UUID.randomUUID();
        if (!(completer.complete(offer(pair, network.offer(pair))) instanceof PeerMessage.Joined)) throw new AssertionError("not joined");
        network.keep(pair, completer.network().link(), false);
        completer.network().keep(pair, network.link(), true);
        awaitLink(true);
        completer.awaitLink(true);
        return pair;
    }

    LinkChange awaitLink(boolean up) {
        LinkChange change = next(links);
        if (change.up() != up) throw new AssertionError("told " + change);
        return change;
    }

    static <T> T next(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(8, TimeUnit.SECONDS);
            if (next == null) throw new AssertionError("nothing came in time");
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override public PeerMessage introduced(UUID pair, PeerMessage.Join join) {
        introductions.add(join);
        return introducing.apply(join);
    }

    @Override public PeerMessage asked(UUID pair, PeerMessage request) { return answering.apply(request); }

    @Override public void link(UUID pair, boolean up, long latencyNs) { links.add(new LinkChange(pair, up, latencyNs)); }

    @Override public FramePipe.Receiver pipe(UUID pair, UUID volumePair, FramePipe pipe) throws LinkDownException {
        try {
            FramePipe.Receiver receiver = receiving.apply(pipe);
            pipes.add(pipe);
            return receiver;
        } catch (UncheckedIOException e) {
            throw new LinkDownException(String.valueOf(e.getMessage()));
        }
    }

    @Override public void close() { network.close(); }

    /** A receiver that keeps what comes. */
    static final class Inbox implements FramePipe.Receiver {
        final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

        @Override public void frame(Frame frame) { frames.add(frame); }

        @Override public void closed(String why) { closed.add(why); }
    }

    /** Asks every few milliseconds until it holds. */
    static void eventually(java.util.function.BooleanSupplier condition, String what) {
        long until = System.nanoTime() + 8_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) throw new AssertionError("never: " + what);
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }
}
