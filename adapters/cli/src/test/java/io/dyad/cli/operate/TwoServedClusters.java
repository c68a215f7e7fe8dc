package io.dyad.cli.operate;

import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.domain.Access;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.domain.RefusedException;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.JsonRpcServer;
import io.dyad.jsonrpc.JsonRpcSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;

/** Two clusters in this process with their APIs, one volume pair from a to b, and the commands of operators. */
final class TwoServedClusters implements AutoCloseable {
    private static final Cause ME = new Cause("test", "test");
    private static final String LOGIN = "admin:secret";
    private final Path dir;
    private final Map<String, Integer> ports = new TreeMap<>();
    private final Map<String, Cluster> clusters = new TreeMap<>();
    private final Map<String, JsonRpcServer> servers = new TreeMap<>();

    /** What a command said. */
    record Said(int exit, String out, String err) { }

    TwoServedClusters(Path dir) throws IOException {
        this.dir = dir;
        open("a");
        open("b");
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        String key = a.startClusterPairing(ME).clusterPairingKey();
        await("the clusters are paired", () -> completes(b, key));
        VolumeId source = a.createVolume(NewVolume.of("v", a.addAccount("x", ME).id(), 1_000_341_504L), ME).volume().id();
        VolumeId spare = b.createVolume(NewVolume.of("spare", b.addAccount("x", ME).id(), 1_000_341_504L), ME).volume().id();
        VolumeId target = b.createVolume(NewVolume.of("w", b.accounts().all().getFirst().id(), 1_000_341_504L).withAccess(Access.REPLICATION_TARGET), ME).volume().id();
        if (spare.equals(target)) throw new IllegalStateException("two volumes of one number");
        b.completeVolumePairing(target, a.startVolumePairing(source, Mode.ASYNC, ME), ME);
        await("the pair is Active", () -> state("a").equals("Active") && state("b").equals("Active"));
    }

    /** False while the other cluster is too slow to answer, as on a busy machine. */
    private static boolean completes(Cluster cluster, String key) {
        try {
            cluster.completeClusterPairing(key, ME);
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    private static InetSocketAddress free(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), probe.getLocalPort());
        }
    }

    /** Opens it on the same directory and port as before. */
    void open(String name) throws IOException {
        InetSocketAddress at = free(ports.getOrDefault(name, 0));
        ports.put(name, at.getPort());
        Cluster cluster = Cluster.at(dir.resolve(name)).name(name.equals("a") ? "east" : "west").mvip("127.0.0.1:" + at.getPort()).open();
        clusters.put(name, cluster);
        cluster.setAdmin("admin", "secret".toCharArray(), ME);
        servers.put(name, JsonRpcServer.start(cluster, at, JsonRpcSettings.DEFAULT.withDrain(Duration.ofSeconds(1))));
    }

    void close(String name) {
        Objects.requireNonNull(servers.remove(name)).close();
        Objects.requireNonNull(clusters.remove(name)).close();
    }

    Cluster cluster(String name) { return Objects.requireNonNull(clusters.get(name)); }

    VolumeId volume(String name) { return new VolumeId(name.equals("a") ? 1 : 2); }

    String access(String name) { return cluster(name).volume(volume(name)).orElseThrow().volume().access().wire(); }

    String state(String name) { return cluster(name).volume(volume(name)).orElseThrow().pair().orElseThrow().state(); }

    Said run(Class<?> command, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> args = new ArrayList<>(List.of("--a", "https://127.0.0.1:" + ports.get("a"), "--b", "127.0.0.1:" + ports.get("b"), "--volume", "1", "--admin", LOGIN));
        args.addAll(List.of(more));
        int exit = new CommandLine(command).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args.toArray(String[]::new));
        return new Said(exit, out.toString(), err.toString());
    }

    static void await(String what, BooleanSupplier met) {
        long until = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (!met.getAsBoolean()) {
            if (System.nanoTime() > until) throw new AssertionError("not within two minutes: " + what);
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Override public void close() {
        for (String name : List.copyOf(clusters.keySet())) close(name);
    }
}
