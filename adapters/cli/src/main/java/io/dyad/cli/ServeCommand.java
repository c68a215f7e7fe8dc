package io.dyad.cli;

import io.dyad.cli.operate.Credentials;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.ClusterBuilder;
import io.dyad.domain.EventLog.Cause;
import io.dyad.jsonrpc.JsonRpcServer;
import io.dyad.jsonrpc.JsonRpcSettings;
import io.dyad.nbd.NbdOptions;
import io.dyad.nbd.NbdServer;
import io.dyad.nbd.VolumeExports;
import io.dyad.replication.Terms;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serve}: one cluster in the foreground, until SIGTERM. */
@Command(name = "serve", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Runs one cluster in the foreground: its API, its volumes over NBD, its links to other clusters.",
        "Prints one line when it accepts requests: ready NAME https://IP:PORT nbd://IP:PORT. SIGTERM stops it in order."})
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final int API_PORT = 443;
    private static final int NBD_PORT = 10809;
    private static final long STOP_SECONDS = 60;
    private static final String PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    @Spec private CommandSpec spec;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "The cluster's name, 1 to 64 characters.")
    private String name;

    @Option(names = "--mvip", required = true, paramLabel = "IP[:PORT]", description = "Where the API is served; port 443 by default.")
    private String mvip;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Everything the cluster keeps; made when it is not there.")
    private Path data;

    @Option(names = "--admin", paramLabel = "USER[:PASSWORD]",
        description = {"Adds this administrator, or sets the password, which is asked for when it is left out. Others on this machine see what is typed here: "
            + "--admin-file, or USER:PASSWORD as DYAD_ADMIN in the environment, keeps it secret.", "Without any, a new cluster makes an administrator and prints the password once on standard error."})
    private @Nullable String admin;

    @Option(names = "--admin-file", paramLabel = "FILE", description = "Its first line is USER:PASSWORD.")
    private @Nullable Path adminFile;

    @Option(names = "--nbd", paramLabel = "IP:PORT", description = "Where volumes are served over NBD; port 10809 of the mvip by default.")
    private @Nullable String nbd;

    @Option(names = "--nbd-tls", description = "NBD clients must use TLS, under the cluster's certificate.")
    private boolean nbdTls;

    @Option(names = "--nbd-insecure", description = "Serves NBD in clear off loopback too.")
    private boolean nbdInsecure;

    @Option(names = "--link-address", paramLabel = "IP:PORT", description = "Where peers connect; by default a free port of the mvip, the same again after a restart.")
    private @Nullable String linkAddress;

    @Option(names = "--link-advertised", paramLabel = "HOST:PORT", description = "Where peers reach the link when a forwarder stands between; give --link-address a port then.")
    private @Nullable String linkAdvertised;

    @Option(names = "--link", paramLabel = "tls|clear", defaultValue = "tls",
        description = "How blocks cross to peers: tls (default), or clear for loopback and dedicated networks, still authenticated and checksummed.")
    private String link;

    @Option(names = "--ring-budget", paramLabel = "BYTES", defaultValue = "256M", converter = Bytes.class,
        description = "Memory for writes on their way to targets, of all pairs together: a number, or one with K, M or G; 256M by default.")
    private long ringBudget;

    @Option(names = "--sync-timeout", paramLabel = "SECONDS", defaultValue = "10",
        description = "How long a write of a Sync pair waits for a silent target; 10 by default. Afterwards writes go on alone and are caught up.")
    private double syncTimeout;

    @Option(names = "--sync-strict", description = "After that time-out a write of a Sync pair fails instead, and those that follow are refused.")
    private boolean syncStrict;

    @Option(names = "--pair-rate", paramLabel = "BYTES", converter = Bytes.class, description = "How many bytes a second each pair ships at most; unlimited by default.")
    private @Nullable Long pairRate;

    @Option(names = "--cluster-rate", paramLabel = "BYTES", converter = Bytes.class, description = "How many bytes a second all pairs together ship at most; unlimited by default.")
    private @Nullable Long clusterRate;

    @Option(names = "--allow-unpinned-keys", description = "Accepts cluster pairing keys that name no certificate.")
    private boolean allowUnpinnedKeys;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @SuppressWarnings("NullAway.Init") ServeCommand() { }

    @Override public Integer call() throws InterruptedException {
        InetSocketAddress api = address("--mvip", mvip, API_PORT);
        InetSocketAddress blocks = nbd == null ? new InetSocketAddress(api.getAddress(), NBD_PORT) : address("--nbd", nbd, NBD_PORT);
        if (!link.equals("tls") && !link.equals("clear")) throw new ParameterException(spec.commandLine(), "--link is tls or clear");
        Optional<Credentials> login = admin();
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().name("stop").unstarted(() -> stop(stopped));
        try {
            start(api, blocks, login);
        } catch (Exception e) {
            closeAll();
            System.err.println("dyad: " + Reason.of(e));
            LOG.debug("start failed", e);
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(hook);
        stopped.await();
        return 0;
    }

    private void start(InetSocketAddress api, InetSocketAddress blocks, Optional<Credentials> admin) throws IOException {
        requireFree("the API", api);
        requireFree("volumes", blocks);
        makeDirectory();
        String mvipText = api.getPort() == API_PORT ? api.getHostString() : text(api);
        ClusterBuilder builder = Cluster.at(data).name(name).mvip(mvipText);
        if (linkAdvertised != null) builder.advertisedLink(linkAdvertised);
        Cluster cluster = builder
            .link(linkAddress == null ? new InetSocketAddress(api.getAddress(), 0) : address("--link-address", linkAddress, 0))
            .ringBudget(ringBudget)
            .syncTimeout(Duration.ofNanos((long) (syncTimeout * 1e9))).syncStrict(syncStrict).pairRate(pairRate == null ? Terms.NO_LIMIT : pairRate)
            .clusterRate(clusterRate == null ? Terms.NO_LIMIT : clusterRate)
            .clearLink(link.equals("clear")).allowUnpinnedKeys(allowUnpinnedKeys).open();
        open.push(cluster);
        setAdmin(cluster, name, admin);
        JsonRpcServer rpc;
        try {
            rpc = JsonRpcServer.start(cluster, api, JsonRpcSettings.DEFAULT);
        } catch (RuntimeException e) {
            throw new IOException("the API cannot be served at " + text(api) + ": " + Reason.of(e), e);
        }
        open.push(rpc);
        NbdOptions options = NbdOptions.on(blocks).insecure(nbdInsecure);
        NbdServer server;
        try {
            server = NbdServer.start(nbdTls ? options.tls(cluster.tls()) : options, new VolumeExports(cluster));
        } catch (IOException | RuntimeException e) {
            throw new IOException("volumes cannot be served at " + text(blocks) + ": " + Reason.of(e), e);
        }
        open.push(server);
        System.out.println("ready " + name + " https://" + text(rpc.address()) + " nbd://" + text(server.address()));
        System.out.flush();
    }

    /** In one line, and before anything is made or opened. */
    private static void requireFree(String what, InetSocketAddress address) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        } catch (IOException e) {
            throw new IOException(what + " cannot be served at " + text(address) + ": " + e.getMessage(), e);
        }
    }

    private void makeDirectory() throws IOException {
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new IOException("the data directory " + data + " cannot be used: " + Reason.of(e), e);
        }
        if (!Files.isReadable(data) || !Files.isWritable(data)) throw new IOException("the data directory " + data + " is not readable and writable");
    }

    private Optional<Credentials> admin() {
        try {
            return Credentials.find(new Credentials.Sources(admin, adminFile, System.getenv(), Credentials.Prompt::onTerminal), "DYAD_ADMIN");
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--admin: " + e.getMessage(), e);
        }
    }

    private static void setAdmin(Cluster cluster, String name, Optional<Credentials> admin) {
        Cause cause = new Cause("system", "serve");
        if (admin.isPresent()) {
            cluster.admins().set(admin.get().user(), admin.get().password().toCharArray(), cause);
        } else if (cluster.admins().all().isEmpty()) {
            String password = new SecureRandom().ints(20, 0, PASSWORD_LETTERS.length()).mapToObj(i -> PASSWORD_LETTERS.substring(i, i + 1)).reduce("", String::concat);
            cluster.admins().set("admin", password.toCharArray(), cause);
            System.err.println("The administrator of the new cluster " + name + " is admin, the password " + password);
        }
    }

    /** On SIGTERM and Ctrl-C: everything closes in order, and the process ends with 0. */
    private void stop(CountDownLatch stopped) {
        LOG.info("stopping");
        Thread closing = Thread.ofPlatform().name("closing").daemon().start(this::closeAll);
        try {
            closing.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean clean = !closing.isAlive();
        LOG.info(clean ? "stopped" : "not everything closed in time");
        stopped.countDown();
        Runtime.getRuntime().halt(clean ? 0 : 1);
    }

    private void closeAll() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.error("closing failed", e);
            }
        }
    }

    private InetSocketAddress address(String option, String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        try {
            InetSocketAddress address = new InetSocketAddress(host, colon < 0 ? defaultPort : Integer.parseInt(text.substring(colon + 1)));
            if (address.isUnresolved()) throw new ParameterException(spec.commandLine(), option + ": no address " + host);
            return address;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + " is IP:PORT, not " + text);
        }
    }

    private static String text(InetSocketAddress a) { return a.getAddress().getHostAddress() + ":" + a.getPort(); }

    /** The one line a person wants to read of a failure. */
    static final class Reason {
        private Reason() { }

        static String of(Throwable e) {
            Throwable deepest = e;
            while (deepest.getCause() != null && (deepest.getMessage() == null || deepest instanceof RuntimeException)) deepest = deepest.getCause();
            String words = Optional.ofNullable(deepest.getMessage()).orElseGet(deepest::toString).lines().findFirst().orElse("");
            return deepest instanceof java.nio.file.FileSystemException ? words + " (" + deepest.getClass().getSimpleName().replace("Exception", "") + ")" : words;
        }
    }
}
