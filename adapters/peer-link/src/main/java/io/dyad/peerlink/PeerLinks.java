package io.dyad.peerlink;

import io.dyad.peerlink.packing.HeldBudget;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.pairing.PeerMessage;
import io.dyad.replication.pairing.PeerNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The peer network over TCP: one listening socket, a control link a cluster pair, a pipe a volume pair. */
public final class PeerLinks implements PeerNetwork {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLinks.class);
    /** 256 MiB each way for all pipes together, taken only as packed payloads cross. */
    private static final int HELD_BLOCKS = 1 << 16;

    /** How long things may take. {@code silence}: without a sign of life for so long, a link counts as down. */
    public record Timing(Duration ping, Duration silence, Duration call, Duration handshake, Duration redialMin, Duration redialMax) {
        public static final Timing DEFAULT = new Timing(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10),
            Duration.ofMillis(100), Duration.ofSeconds(5));
    }

    /**
     * How a network is set up. {@code advertised} is the HOST:PORT that goes into keys, by default the bound address. Unpinned
     * keys name no certificate; a proxy still cannot complete them, but it learns that a pairing is tried.
     */
    public record Settings(Identity identity, Path secretsDir, InetSocketAddress listen, Optional<String> advertised, boolean allowUnpinnedKeys,
                           Transport transport, Timing timing) {
        public static Settings of(Identity identity, Path secretsDir, InetSocketAddress listen) {
            return new Settings(identity, secretsDir, listen, Optional.empty(), false, Transport.TLS, Timing.DEFAULT);
        }

        public Settings advertised(String link) { return new Settings(identity, secretsDir, listen, Optional.of(link), allowUnpinnedKeys, transport, timing); }

        public Settings allowUnpinnedKeys(boolean allow) { return new Settings(identity, secretsDir, listen, advertised, allow, transport, timing); }

        public Settings transport(Transport kind) { return new Settings(identity, secretsDir, listen, advertised, allowUnpinnedKeys, kind, timing); }

        public Settings timing(Timing bounds) { return new Settings(identity, secretsDir, listen, advertised, allowUnpinnedKeys, transport, bounds); }
    }

    private final Context context;
    private final Pairing pairing;
    private final Door door;
    private final String link;
    private final Map<UUID, Peer> peers = new ConcurrentHashMap<>();

    private PeerLinks(Context context, ServerSocketChannel server) throws IOException {
        this.context = context;
        this.pairing = new Pairing(context.secrets(), context.settings().identity(), context.listener());
        this.door = new Door(server, context, pairing, peers);
        this.link = context.settings().advertised().orElse(text((InetSocketAddress) server.getLocalAddress()));
    }

    /** Listens when it returns; no peer is dialled or served before {@link #keep}. */
    public static PeerLinks open(Settings settings, Listener listener) throws IOException {
        Secrets secrets = Secrets.open(settings.secretsDir());
        ServerSocketChannel server = Sockets.listen(settings.listen());
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("peer-clock").factory());
        PeerLinks links = new PeerLinks(new Context(settings, listener, secrets, clock, new BufferPool(), new HeldBudget(HELD_BLOCKS)), server);
        links.door.open();
        return links;
    }

    /** The HOST:PORT where peers reach this cluster. */
    public String link() { return link; }

    @Override public Credential offer(UUID clusterPair) {
        try {
            return pairing.offer(clusterPair, link);
        } catch (IOException e) {
            throw new UncheckedIOException("the credential of a pairing cannot be stored", e);
        }
    }

    @Override public PeerMessage introduce(Offer offer, PeerMessage.Join join) throws LinkDownException {
        String pin = offer.certificateFingerprint();
        if (pin.isEmpty() && !context.settings().allowUnpinnedKeys()) return invalidKey("the key names no certificate, and such keys are not allowed here");
        try {
            Context.Dialled<PeerMessage> dialled = context.dial(offer.link(), wire -> {
                if (!pin.isEmpty() && !pin.equals(wire.peerFingerprint()))
                    throw new RefusedException(RefusedException.Ground.IDENTITY, "it shows another certificate than the key names");
                return pairing.complete(wire, offer, join);
            });
            dialled.wire().close();
            return dialled.result();
        } catch (RefusedException e) {
            if (e.ground() == RefusedException.Ground.IDENTITY) return invalidKey("pairing with " + offer.link() + " failed: " + e.getMessage());
            throw new LinkDownException(offer.link() + " refused: " + e.getMessage(), e);
        }
    }

    private static PeerMessage invalidKey(String words) { return new PeerMessage.Refused("INVALID_KEY", words); }

    @Override public void keep(UUID clusterPair, String peerLink, boolean dial) {
        peers.computeIfAbsent(clusterPair, pair -> new Peer(pair, peerLink, context)).keep(peerLink, dial);
    }

    @Override public void forget(UUID clusterPair) {
        try {
            context.secrets().forget(clusterPair);
        } catch (IOException e) {
            throw new UncheckedIOException("the secrets of a cluster pair cannot be deleted", e);
        } finally {
            Peer peer = peers.remove(clusterPair);
            if (peer != null) peer.end("forgotten");
        }
    }

    @Override public PeerMessage call(UUID clusterPair, PeerMessage request) throws LinkDownException { return peer(clusterPair).call(request); }

    @Override public FramePipe openPipe(UUID clusterPair, UUID volumePair, FramePipe.Receiver receiver) throws LinkDownException {
        return peer(clusterPair).openPipe(volumePair, receiver);
    }

    /** The last measured round trip to the peer in nanoseconds. */
    public long latencyNs(UUID clusterPair) throws LinkDownException { return peer(clusterPair).latencyNs(); }

    /** Makes the peer unreachable from here until {@link #heal}: for demonstrations and tests. */
    public void cut(UUID clusterPair) throws LinkDownException { peer(clusterPair).cut(); }

    public void heal(UUID clusterPair) throws LinkDownException { peer(clusterPair).heal(); }

    private Peer peer(UUID clusterPair) throws LinkDownException {
        Peer peer = peers.get(clusterPair);
        if (peer == null) throw new LinkDownException("no link is kept to cluster pair " + clusterPair);
        return peer;
    }

    @Override public void close() {
        door.close();
        peers.values().forEach(peer -> peer.end("closed"));
        peers.clear();
        context.clock().shutdownNow();
        LOG.debug("peer network at {} closed", link);
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
