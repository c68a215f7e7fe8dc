package io.dyad.cluster;

import io.dyad.domain.ClusterPairState;
import io.dyad.domain.ClusterState;
import io.dyad.eventstore.AxonEventLog;
import io.dyad.peerlink.Identity;
import io.dyad.peerlink.PeerLinks;
import io.dyad.peerlink.Transport;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.Shared;
import io.dyad.replication.Rate;
import io.dyad.replication.RingBudget;
import io.dyad.replication.Terms;
import io.dyad.replication.pairing.ClusterPairing;
import io.dyad.replication.pairing.Coordinator;
import io.dyad.replication.pairing.Hosting.Wanted;
import io.dyad.replication.pairing.PeerMessage;
import io.dyad.replication.pairing.PeerNetwork;
import io.dyad.replication.pairing.Ticker;
import io.dyad.volumefiles.FileVolumeStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of one open cluster, put together in order and taken apart in the reverse.
 *
 * <pre>
 *   DIR/events/    the event log          DIR/volumes/   blocks
 *   DIR/secrets/   certificate, link secrets, admins' password hashes, CHAP secrets: for the owner only
 * </pre>
 */
record Assembly(AxonEventLog log, Identity identity, SecretFile secrets, VolumeHosts hosts, Coordinator coordinator, JobRunner runner, PeerLinks network,
                Path volumes, String mvip, String svip, Ticker ticker, ScheduledExecutorService clock, Deque<Runnable> closers) {
    static final int DEFAULT_LINK_PORT = 10810;
    static final String VERSION = "12.5.0.897";
    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    static Assembly of(ClusterBuilder b) throws IOException {
        Deque<Runnable> closers = new ArrayDeque<>();
        try {
            return assemble(b, closers);
        } catch (IOException | RuntimeException e) {
            closers.forEach(Runnable::run);
            throw e;
        }
    }

    private static Assembly assemble(ClusterBuilder b, Deque<Runnable> closers) throws IOException {
        Path secretsDir = Files.createDirectories(b.dir.resolve("secrets"));
        Files.createDirectories(b.dir.resolve("events"));
        FileVolumeStore store = FileVolumeStore.open(Files.createDirectories(b.dir.resolve("volumes")));
        closers.push(() -> quietly(store));
        Ticker ticker = new SystemTicker();
        AxonEventLog log = AxonEventLog.open(b.dir.resolve("events"), ticker::now);
        closers.push(log::close);
        ExecutorService later = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dyad-later-", 0).factory());
        closers.push(() -> finish(later));
        AtomicReference<PeerNetwork> network = new AtomicReference<>();
        VolumeHosts hosts = new VolumeHosts(store, new Shared(new RingBudget(b.ringBudget), new Rate(b.clusterRate)), new Terms(b.syncStrict, b.syncTimeout.toNanos(), b.pairRate), (wanted, receiver) -> dial(network.get(), wanted, receiver));
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("dyad-clock").factory());
        closers.push(clock::shutdownNow);
        Coordinator coordinator = new Coordinator(log, hosts, ticker, (delayNs, task) -> submit(later, clock, delayNs, task));
        hosts.report(coordinator);
        closers.push(hosts::close);

        String name = b.name.orElseGet(() -> coordinator.node().view().cluster() instanceof ClusterState.Formed f ? f.identity().name() : b.dir.toAbsolutePath().normalize().getFileName().toString());
        SecretFile secrets = new SecretFile(secretsDir.resolve("accounts.properties"));
        InetSocketAddress listen = b.link.orElseGet(() -> new InetSocketAddress("127.0.0.1", 0));
        Identity identity = Identity.openOrCreate(secretsDir, name, List.of(listen.getHostString()));
        Doorway doorway = new Doorway(coordinator);
        PeerLinks.Settings settings = PeerLinks.Settings.of(identity, secretsDir, remembered(secrets, listen)).allowUnpinnedKeys(b.allowUnpinnedKeys)
            .transport(b.clearLink ? Transport.CLEAR : Transport.TLS);
        PeerLinks links = PeerLinks.open(b.advertisedLink.map(settings::advertised).orElse(settings), doorway);
        network.set(links);
        closers.push(coordinator::close);
        closers.push(links::close);
        if (b.advertisedLink.isEmpty()) secrets.put("link." + listen.getHostString(), links.link().substring(links.link().lastIndexOf(':') + 1));

        String mvip = b.mvip.orElse(links.link());
        coordinator.start(name, Passwords.random(4, LETTERS), links, new ClusterPairing.Address(mvip, links.link(), VERSION));
        doorway.open();
        JobRunner runner = new JobRunner(hosts, coordinator.jobs());
        closers.push(runner::close);
        runner.resume();
        clock.scheduleWithFixedDelay(() -> run(coordinator::tick), 1, 1, TimeUnit.SECONDS);
        clock.scheduleWithFixedDelay(() -> run(hosts::settle), 5, 5, TimeUnit.SECONDS);
        closers.push(clock::shutdownNow);
        return new Assembly(log, identity, secrets, hosts, coordinator, runner, links, b.dir.resolve("volumes"), mvip, b.svip.orElse(mvip.replaceFirst(":\\d+$", "")), ticker, clock, closers);
    }

    private static FramePipe dial(PeerNetwork network, Wanted wanted, FramePipe.Receiver receiver) throws LinkDownException {
        return network.openPipe(wanted.clusterPair(), wanted.pair(), receiver);
    }

    /** The port of last time, so that peers find us again. */
    private static InetSocketAddress remembered(SecretFile secrets, InetSocketAddress listen) {
        if (listen.getPort() != 0) return listen;
        return new InetSocketAddress(listen.getAddress(), secrets.get("link." + listen.getHostString()).map(Integer::parseInt).orElse(0));
    }

    static String chapSecret() { return Passwords.random(16, LETTERS + LETTERS.toUpperCase(Locale.ROOT)); }

    void links(boolean cut) {
        coordinator.node().view().clusterPairs().values().forEach(state -> {
            if (!(state instanceof ClusterPairState.Paired p)) return;
            try {
                if (cut) network.cut(p.uuid());
                else network.heal(p.uuid());
            } catch (LinkDownException e) {
                LOG.warn("{}", e.getMessage());
            }
        });
    }

    /** On the clock's thread, until it stops. */
    void eachSecond(Runnable task) { clock.scheduleWithFixedDelay(() -> run(task), 1, 1, TimeUnit.SECONDS); }

    void close() {
        while (!closers.isEmpty()) closers.pop().run();
    }

    private static void submit(ExecutorService later, ScheduledExecutorService clock, long delayNs, Runnable task) {
        try {
            if (delayNs > 0) clock.schedule(() -> submit(later, clock, 0, task), delayNs, TimeUnit.NANOSECONDS);
            else later.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("left undone at the end: {}", task);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a background step failed", e);
        }
    }

    /** What was begun may end, for a while; nothing new begins. */
    private static void finish(ExecutorService later) {
        later.shutdown();
        try {
            if (!later.awaitTermination(5, TimeUnit.SECONDS)) later.shutdownNow();
        } catch (InterruptedException e) {
            later.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static void quietly(AutoCloseable c) {
        try {
            c.close();
        } catch (Exception e) {
            LOG.error("closing failed", e);
        }
    }

    /** The coordinator behind a door that opens once it has started. */
    private static final class Doorway implements PeerNetwork.Listener {
        private final Coordinator coordinator;
        private volatile boolean open;

        Doorway(Coordinator coordinator) { this.coordinator = coordinator; }

        void open() { open = true; }

        @Override public PeerMessage introduced(UUID clusterPair, PeerMessage.Join join) {
            return open ? coordinator.introduced(clusterPair, join) : starting();
        }

        @Override public PeerMessage asked(UUID clusterPair, PeerMessage request) { return open ? coordinator.asked(clusterPair, request) : starting(); }

        @Override public void link(UUID clusterPair, boolean up, long latencyNs) { coordinator.link(clusterPair, up, latencyNs); }

        @Override public FramePipe.Receiver pipe(UUID clusterPair, UUID volumePair, FramePipe pipe) throws LinkDownException {
            if (!open) throw new LinkDownException("the cluster is still starting");
            return coordinator.pipe(clusterPair, volumePair, pipe);
        }

        private static PeerMessage starting() { return new PeerMessage.Refused("PEER_UNREACHABLE", "the cluster is still starting"); }
    }

    /** The system's time and randomness. */
    private static final class SystemTicker implements Ticker {
        @Override public long nowNs() { return System.nanoTime(); }

        @Override public Instant now() { return Instant.now(); }

        @Override public UUID freshUuid() { return UUID.randomUUID(); }
    }
}
