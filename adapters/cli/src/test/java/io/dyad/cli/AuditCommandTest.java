package io.dyad.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dyad.cluster.Accounts.NewAccount;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.domain.Access;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Mode;
import io.dyad.peerlink.key.PairingKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
    private static final Cause ADMIN = new Cause("admin", "Test");
    private static final JsonMapper JSON = new JsonMapper();
    @TempDir Path dir;

    @Test void every_event_stands_there_with_its_time_cause_and_the_state_after() throws IOException {
        List<Recorded> observed = new CopyOnWriteArrayList<>();
        try (Cluster c = Cluster.at(dir).name("one").open()) {
            c.follow(observed::add);
            var account = c.addAccount("alice", new Cause("root", "AddAccount"));
            c.createVolume(NewVolume.of("v", account.id(), 1_000_000_000), new Cause("root", "CreateVolume"));

            List<JsonNode> lines = ndjson();

            assertThat(lines).hasSameSizeAs(observed);
            for (int i = 0; i < lines.size(); i++) {
                assertThat(List.copyOf(names(lines.get(i)))).containsExactly("position", "time", "who", "call", "aggregate", "sequence", "event", "state");
                assertThat(lines.get(i).get("position").asLong()).isEqualTo(i + 1);
                assertThat(lines.get(i).get("time").asText()).isEqualTo(observed.get(i).at().toString());
            }
            JsonNode created = lines.getLast();
            assertThat(created.at("/event/name").asText()).isEqualTo("volume.created");
            assertThat(created.get("who").asText() + " " + created.get("call").asText()).isEqualTo("root CreateVolume");
            assertThat(created.at("/state/name").asText()).isEqualTo("Active");
            assertThat(created.at("/state/data")).isEqualTo(created.at("/event/data"));
            assertThat(created.at("/state/data/volume/access").asText()).isEqualTo("readWrite");
            assertThat(lastOf(lines, "cluster").at("/state/data/volumes")).isEqualTo(JSON.readTree("{\"1\":1}"));
        }
    }

    @Test void text_has_a_line_an_event_and_nothing_that_only_a_java_programmer_reads() throws IOException {
        try (Cluster c = Cluster.at(dir).name("one").open()) {
            c.accounts().add(NewAccount.of("eve\n9 forged").withAttributes(Map.of("note", "a b")), new Cause("eve\u001b[2J", "AddAccount"));
        }

        String text = audit(AuditFormat.TEXT);

        String instant = "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z";
        assertThat(text.lines().toList()).allMatch(line -> line.matches("\\d+ " + instant + " \\S+ \\S+ [a-z-]+(/\\S+)?#\\d+ [a-z.-]+ .*|    after: [A-Z][A-Za-z]+( .*)?"));
        assertThat(text).doesNotContain("Optional", "[value=", "@").doesNotContain("\u001b");
        assertThat(text).contains("\"eve\\u001B[2J\" AddAccount account/1#0 account.added id=1 username=\"eve\\n9 forged\" attributes={note=\"a b\"}\n    after: Active id=1 ");
    }

    @Test void it_reads_beside_the_server_and_touches_nothing() throws IOException {
        try (Cluster c = Cluster.at(dir).name("one").open()) {
            var before = files().keySet();
            int seen = ndjson().size();

            assertThat(files().keySet()).isEqualTo(before);
            c.addAccount("bob", ADMIN);
            assertThat(ndjson()).hasSize(seen + 2);
        }
        var atRest = files();
        ndjson();
        assertThat(files()).isEqualTo(atRest);
    }

    @Test void no_secret_is_in_it_nor_in_the_store() throws Exception {
        List<String> secrets = new ArrayList<>(List.of("opening-sesame", "initiator-9QzX", "target-7WkY"));
        Path peer = dir.resolve("b");
        try (Cluster a = Cluster.at(dir).name("one").open(); Cluster b = Cluster.at(peer).name("two").open()) {
            a.admins().set("root", "opening-sesame".toCharArray(), ADMIN);
            var account = a.accounts().add(NewAccount.of("alice").withSecrets("initiator-9QzX", "target-7WkY"), ADMIN);
            String key = a.startClusterPairing(ADMIN).clusterPairingKey();
            b.completeClusterPairing(key, ADMIN);
            awaitConnected(a, b);
            secrets.addAll(List.of(key, PairingKeys.clusterPairingKey(key).password()));
            var source = a.createVolume(NewVolume.of("va", account.id(), 1_000_000_000), ADMIN).volume().id();
            var owner = b.addAccount("carol", ADMIN).id();
            var target = b.createVolume(NewVolume.of("vb", owner, 1_000_000_000).withAccess(Access.REPLICATION_TARGET), ADMIN).volume().id();
            b.completeVolumePairing(target, a.startVolumePairing(source, Mode.ASYNC, ADMIN), ADMIN);
        }
        for (Path cluster : List.of(dir, peer)) secrets.addAll(words(cluster.resolve("secrets")));
        assertThat(secrets).hasSizeGreaterThan(10);

        for (Path cluster : List.of(dir, peer)) {
            for (AuditFormat format : AuditFormat.values()) assertThat(audit(cluster, format)).contains("volume-pair").doesNotContain(secrets);
            String store = Files.readString(cluster.resolve("events/events.mv.db"), ISO_8859_1);
            assertThat(store).as("the store can be read as text").contains("volume-pair");
            for (String secret : secrets) assertThat(store.contains(secret)).as("the store holds the secret %s", secret).isFalse();
        }
    }

    @Test void a_directory_without_a_log_and_a_missing_one_are_told_apart() throws IOException {
        assertThatThrownBy(() -> audit(AuditFormat.TEXT)).hasMessage("there is no cluster in " + dir);
        assertThatThrownBy(() -> audit(dir.resolve("gone"), AuditFormat.TEXT)).hasMessage("there is no directory " + dir.resolve("gone"));
        Files.createDirectory(dir.resolve("events"));
        assertThatThrownBy(() -> audit(AuditFormat.TEXT)).hasMessage("there is no event log in " + dir.resolve("events"));
    }

    @Test void the_program_says_one_line_and_fails_on_what_it_cannot_read() throws Exception {
        for (List<String> wrong : List.of(List.of("--data", dir.resolve("gone").toString()), List.of("--data", dir.toString(), "--format", "xml"))) {
            Program audit = Program.run("audit", wrong);
            assertThat(audit.exit()).isNotZero();
            assertThat(audit.out()).isEmpty();
            assertThat(audit.err()).hasLineCount(1).startsWith("dyad audit: ");
        }
    }

    @Test void a_reader_that_leaves_early_ends_it_quietly() throws Exception {
        try (Cluster c = Cluster.at(dir).name("one").open()) {
            Map<String, Object> bulky = Map.of("filling", "x".repeat(50_000));
            for (int i = 0; i < 4; i++) c.accounts().add(NewAccount.of("account" + i).withAttributes(bulky), ADMIN);
        }
        Process audit = Program.start("audit", List.of("--data", dir.toString()));
        assertThat(audit.inputReader().readLine()).startsWith("1 ");
        audit.getInputStream().close();

        assertThat(audit.waitFor()).isZero();
        assertThat(new String(audit.getErrorStream().readAllBytes())).isEmpty();
    }

    @Test void a_full_disk_is_no_broken_pipe() throws IOException {
        Cluster.at(dir).name("one").open().close();
        OutputStream full = new OutputStream() {
            @Override public void write(int b) throws IOException { throw new IOException("No space left on device"); }
        };

        assertThatThrownBy(() -> AuditCommand.write(dir, AuditFormat.TEXT, full)).isInstanceOf(IOException.class).hasMessage("No space left on device");
    }

    private static void awaitConnected(Cluster... clusters) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!Stream.of(clusters).allMatch(c -> c.clusterPairs().getFirst().status().equals("Connected"))) {
            assertThat(System.nanoTime()).as("the clusters connect within 30 s").isLessThan(until);
            Thread.sleep(5);
        }
    }

    private String audit(AuditFormat format) throws IOException { return audit(dir, format); }

    private static String audit(Path cluster, AuditFormat format) throws IOException {
        var out = new ByteArrayOutputStream();
        AuditCommand.write(cluster, format, out);
        return out.toString(UTF_8);
    }

    private List<JsonNode> ndjson() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : audit(AuditFormat.NDJSON).lines().toList()) lines.add(JSON.readTree(line));
        return lines;
    }

    private static JsonNode lastOf(List<JsonNode> lines, String aggregate) {
        return lines.reversed().stream().filter(line -> line.get("aggregate").asText().equals(aggregate)).findFirst().orElseThrow();
    }

    private static List<String> names(JsonNode object) { return object.properties().stream().map(Map.Entry::getKey).toList(); }

    /** Every file of the log with its size and time. */
    private Map<String, List<Object>> files() throws IOException {
        var files = new TreeMap<String, List<Object>>();
        try (Stream<Path> all = Files.list(dir.resolve("events"))) {
            for (Path file : all.toList()) files.put(file.getFileName().toString(), List.of(Files.size(file), (FileTime) Files.getAttribute(file, "lastModifiedTime")));
        }
        return files;
    }

    /** All that could be a secret in the files of a directory: long words. Certificates and fingerprints are public. */
    private static List<String> words(Path secrets) throws IOException {
        List<String> words = new ArrayList<>();
        try (Stream<Path> all = Files.walk(secrets).filter(Files::isRegularFile)) {
            for (Path file : all.toList()) {
                String text = Files.readString(file).replaceAll("(?s)-----BEGIN CERTIFICATE.*?END CERTIFICATE-----", "");
                Pattern.compile("[A-Za-z0-9+/]{16,}").matcher(text).results().map(r -> r.group()).forEach(words::add);
            }
        }
        return words;
    }
}
