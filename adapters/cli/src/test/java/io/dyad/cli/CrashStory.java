package io.dyad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dyad.cli.History.Stamp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Two served clusters mirror a volume to which a host writes, while they are killed and started again; then they are judged. */
final class CrashStory {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long VOLUME_BYTES = 1_000_341_504L;
    private static final int BLOCKS = (int) (VOLUME_BYTES / History.BLOCK_BYTES);
    /** Filled before the pairing, spread over the whole volume. */
    private static final int FILLED = 16384, EACH = 14;
    /** Where the host keeps writing; a resync beside it ships this once an epoch, far less than what was filled. */
    private static final int HOT = 1024;
    private static final int PIECE = 8 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Pattern RESYNC = Pattern.compile("resync (\\d+) (\\S.*): (\\d+) blocks, (\\d+) bytes, [0-9.]+ s");

    private enum Victim { SOURCE, TARGET, BOTH }

    private final List<String> answered = new ArrayList<>();
    private final History history = new History(BLOCKS);
    private final ServedCluster source;
    private final ServedCluster target;
    private final SplittableRandom random;
    private final long seed;

    CrashStory(ServedCluster source, ServedCluster target, long seed) {
        this.source = source;
        this.target = target;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    void play(int kills) throws Exception {
        pairClusters();
        createVolumes();
        fill();
        pairVolumes();
        strike(oneOf(), 300);
        try (HostWriter host = new HostWriter(source.nbd, 1, history, seed, 0, HOT)) {
            for (int kill = 1; kill < kills; kill++) {
                boolean streaming = kill < 3 || kill > 3 && random.nextInt(3) > 0;
                if (streaming) awaitActive();
                long before = host.flushes();
                await("the host writes", () -> host.flushes() > before + 3 || !host.failures.isEmpty());
                strike(kill < 4 ? Victim.values()[kill - 1] : oneOf(), streaming ? 1000 : 500);
            }
            host.stop();
            assertThat(host.failures).isEmpty();
        }
        awaitActive();
        await("the stream is drained", () -> delay().equals("00:00:00.000000"));
        assertThat(compare()).isEmpty();
        assertThat(unwanted()).isEmpty();
        assertThat(missing(source)).isEmpty();
        assertThat(missing(target)).isEmpty();
    }

    private Victim oneOf() { return Victim.values()[random.nextInt(3)]; }

    private void pairClusters() throws IOException {
        String key = source.call("StartClusterPairing", ServedCluster.params()).get("clusterPairingKey").asText();
        target.call("CompleteClusterPairing", ServedCluster.params().put("clusterPairingKey", key));
        await("the clusters connect", () -> Stream.of(source, target).allMatch(c -> c.show("ListClusterPairs", "/clusterPairs/0/status").equals(Optional.of("Connected"))));
    }

    private void createVolumes() throws IOException {
        for (ServedCluster c : List.of(source, target)) {
            long account = addAccount(c);
            c.call("CreateVolume", ServedCluster.params().put("name", "v").put("accountID", account).put("totalSize", VOLUME_BYTES).put("enable512e", false)
                .put("access", c == source ? "readWrite" : "replicationTarget"));
        }
    }

    /** A command whose answer must be found again. */
    private long addAccount(ServedCluster c) throws IOException {
        String username = c.name + "-" + answered.size();
        long id = c.call("AddAccount", ServedCluster.params().put("username", username)).get("accountID").asLong();
        answered.add(username);
        return id;
    }

    private void fill() throws IOException {
        try (NbdDisk disk = new NbdDisk(source.nbd, 1)) {
            List<Stamp> flying = new ArrayList<>();
            for (int i = 0; i < FILLED; i++) {
                Stamp stamp = history.send(i * EACH);
                HostWriter.write(disk, stamp, false);
                flying.add(stamp);
                if (flying.size() < 64) continue;
                for (int each = 0; each < flying.size(); each++) disk.answered();
                flying.forEach(s -> history.acknowledge(s, false));
                flying.clear();
            }
            List<Stamp> covered = history.flushing();
            disk.flush();
            history.flushed(covered);
        }
    }

    private void pairVolumes() throws IOException {
        String key = source.call("StartVolumePairing", ServedCluster.params().put("volumeID", 1).put("mode", "Async")).get("volumePairingKey").asText();
        target.call("CompleteVolumePairing", ServedCluster.params().put("volumeID", 1).put("volumePairingKey", key));
    }

    /** Kills after a while of no meaning, at most so long, and starts again at once; a command is answered on the way. */
    private void strike(Victim victim, int withinMillis) throws Exception {
        List<ServedCluster> struck = switch (victim) {
            case SOURCE -> List.of(source);
            case TARGET -> List.of(target);
            case BOTH   -> List.of(source, target);
        };
        Thread.sleep(random.nextInt(withinMillis));
        for (ServedCluster c : struck) addAccount(c);
        for (ServedCluster c : struck) c.kill();
        for (ServedCluster c : struck) c.restart();
    }

    private void awaitActive() {
        await("both ends are Active", () -> Stream.of(source, target).allMatch(c -> c.show("ListVolumes", "/volumes/0/volumePairs/0/remoteReplication/state").equals(Optional.of("Active"))));
    }

    private String delay() {
        try {
            return source.call("GetVolumeStats", ServedCluster.params().put("volumeID", 1)).at("/volumeStats/asyncDelay").asText();
        } catch (IOException e) {
            return "nobody answers";
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Reads both volumes from end to end; what differs, and what breaks a promise. */
    private List<String> compare() throws IOException {
        target.call("ModifyVolume", ServedCluster.params().put("volumeID", 1).put("access", "readOnly"));
        List<String> wrong = new ArrayList<>();
        try (NbdDisk ours = new NbdDisk(source.nbd, 1); NbdDisk theirs = new NbdDisk(target.nbd, 1)) {
            for (long at = 0; at < VOLUME_BYTES; at += PIECE) {
                int length = (int) Math.min(PIECE, VOLUME_BYTES - at);
                ByteBuffer here = ours.read(at, length);
                ByteBuffer there = theirs.read(at, length);
                int differs = here.mismatch(there);
                if (differs >= 0) wrong.add("the ends differ from byte " + (at + differs) + " on");
                wrong.addAll(history.judge("source", (int) (at / History.BLOCK_BYTES), here));
            }
        }
        return wrong;
    }

    /** Resyncs after the first sync that moved more than what can have changed. */
    private List<String> unwanted() {
        List<String> wrong = new ArrayList<>();
        boolean complete = false;
        for (String line : source.log) {
            Matcher resync = RESYNC.matcher(line);
            if (!resync.find()) continue;
            boolean first = resync.group(2).equals("first-sync");
            if (complete && (first || Integer.parseInt(resync.group(3)) > FILLED / 2)) wrong.add(line);
            complete |= first;
        }
        if (!complete) wrong.add("no first sync was logged");
        return wrong;
    }

    /** Answered commands that the audit does not show. */
    private List<String> missing(ServedCluster c) throws IOException {
        var out = new ByteArrayOutputStream();
        AuditCommand.write(c.dir, AuditFormat.NDJSON, out);
        Set<String> added = new HashSet<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            JsonNode event = JSON.readTree(line).get("event");
            if (event.get("name").asText().equals("account.added")) added.add(event.at("/data/username").asText());
        }
        return answered.stream().filter(name -> name.startsWith(c.name) && !added.contains(name)).toList();
    }
}
