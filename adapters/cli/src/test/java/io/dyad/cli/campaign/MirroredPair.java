package io.dyad.cli.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.cli.history.Finding;
import io.dyad.cli.operate.FailoverCommand;
import io.dyad.nbd.NbdDisk;
import io.dyad.nbd.NbdUri;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;

/** Two served clusters with a volume each, a proxy in their link, and what a campaign asks of them. */
final class MirroredPair implements AutoCloseable {
    private static final long VOLUME_BYTES = 1_000_341_504L;
    private static final Duration PATIENCE = Duration.ofSeconds(300);
    private static final String NO_DELAY = "00:00:00.000000";
    private final Deque<Closeable> open = new ArrayDeque<>();
    final LinkProxy link;
    private final ServedCluster a;
    private final ServedCluster b;
    private ServedCluster source;
    private ServedCluster target;

    /** The target dials, so the proxy stands before the source. {@code transport}: tls or clear. */
    MirroredPair(Path dir, String transport) throws IOException {
        link = kept(new LinkProxy(ServedCluster.freePort()));
        a = kept(new ServedCluster("east", dir.resolve("east"), List.of("--link", transport, "--link-address", ServedCluster.text(link.far()), "--link-advertised", link.address())));
        b = kept(new ServedCluster("west", dir.resolve("west"), List.of("--link", transport)));
        source = a;
        target = b;
    }

    private <T extends Closeable> T kept(T each) {
        open.push(each);
        return each;
    }

    ServedCluster source() { return source; }

    ServedCluster target() { return target; }

    List<ServedCluster> both() { return List.of(source, target); }

    /** The directions change by access alone: who calls this has flipped both. */
    void reversed() {
        ServedCluster before = source;
        source = target;
        target = before;
    }

    void pairClusters() {
        String key = source.call("StartClusterPairing", Map.of()).get("clusterPairingKey").asText();
        await("the pairing is completed", () -> target.show("CompleteClusterPairing", Map.of("clusterPairingKey", key), "/clusterPairID").isPresent());
        await("the clusters connect", () -> both().stream().allMatch(c -> c.show("ListClusterPairs", Map.of(), "/clusterPairs/0/status").filter("Connected"::equals).isPresent()));
        for (ServedCluster c : both()) {
            long account = c.call("AddAccount", Map.of("username", c.name)).get("accountID").asLong();
            c.call("CreateVolume", Map.of("name", "v", "accountID", account, "totalSize", VOLUME_BYTES, "enable512e", false, "access", c == source ? "readWrite" : "replicationTarget"));
        }
    }

    void pairVolumes() {
        String key = source.call("StartVolumePairing", Map.of("volumeID", 1, "mode", "Async")).get("volumePairingKey").asText();
        target.call("CompleteVolumePairing", Map.of("volumeID", 1, "volumePairingKey", key));
    }

    /** As the failover command names the clusters. */
    String labelOfSource() { return source == a ? "a" : "b"; }

    /** Runs the command of operators, which must succeed. */
    void failover(String... more) {
        StringWriter said = new StringWriter();
        List<String> args = new ArrayList<>(List.of("--a", a.url(), "--b", b.url(), "--volume", "1", "--admin", ServedCluster.ADMIN.user() + ":" + ServedCluster.ADMIN.password(), "--timeout", "300"));
        args.addAll(List.of(more));
        PrintWriter words = new PrintWriter(said, true);
        int exit = new CommandLine(FailoverCommand.class).setOut(words).setErr(words).execute(args.toArray(String[]::new));
        assertThat(exit).as(said.toString()).isZero();
    }

    void pause(boolean paused) { source.call("ModifyVolumePair", Map.of("volumeID", 1, "pausedManual", paused)); }

    void awaitActive() { await("both ends are Active", () -> both().stream().allMatch(c -> c.state().equals("Active"))); }

    /** With no host writing: the target holds everything. */
    void awaitEqual() {
        awaitActive();
        await("the stream is drained", () -> source.show("GetVolumeStats", Map.of("volumeID", 1), "/volumeStats/asyncDelay").filter(NO_DELAY::equals).isPresent());
    }

    void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what + "; " + both().stream().map(c -> c.name + " " + c.state()).toList());
            pause(20);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What the source's volume holds of a history, while nobody writes to it. */
    Finding atSource(Path history) throws IOException { return read(source.volume(), history); }

    /** What the target's volume holds of a history at this moment; nothing arrives while it is read. */
    Finding atTarget(Path history) throws IOException {
        target.access("readOnly");
        try {
            return read(target.volume(), history);
        } finally {
            target.access("replicationTarget");
        }
    }

    static Finding read(NbdUri export, Path history) throws IOException {
        try (NbdDisk disk = new NbdDisk(export, PATIENCE)) {
            return Finding.read(history, disk::read);
        }
    }

    /** What the end that follows kept of its own before it was overwritten, in the snapshot it has made since {@code older}. */
    Finding keptByTarget(Path history, long older) throws IOException {
        await("the loser has kept its own blocks", () -> lastKept(target) > older);
        return read(target.export("1@" + lastKept(target)), history);
    }

    /** The number of the last such snapshot; 0 when there is none. */
    static long lastKept(ServedCluster cluster) {
        long last = 0;
        for (JsonNode snapshot : cluster.call("ListSnapshots", Map.of("volumeID", 1)).path("snapshots")) {
            if (snapshot.path("name").asText().startsWith("dyad-before-resync-")) last = Math.max(last, snapshot.path("snapshotID").asLong());
        }
        return last;
    }

    String said() { return source.said() + "\n" + target.said(); }

    @Override public void close() throws IOException {
        while (!open.isEmpty()) open.pop().close();
    }
}
