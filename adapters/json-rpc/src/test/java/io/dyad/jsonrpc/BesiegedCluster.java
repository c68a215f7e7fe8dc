package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.jsonrpc.Dispatcher.Caller;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * A real cluster that is asked without HTTP, and judged after each answer: one JSON object of the right shape that tells nothing of the
 * inside, and after a refusal no event that the caller caused.
 */
final class BesiegedCluster implements AutoCloseable {
    private static final Spec SPEC = Spec.load();
    private static final Caller BESIEGER = new Caller("besieger", Set.of("administrator"), SPEC.currentVersion());
    private static final Pattern INSIDE = Pattern.compile("\\bat (java|io\\.dyad|com\\.fasterxml)|\\b[A-Z]\\w*Exception\\b|\\bjava\\.(lang|util|io)\\b|io\\.dyad|jackson|\\.java:\\d+|org\\.(axon|h2)");

    private final Cluster cluster;
    private final Dispatcher dispatcher;
    private final AtomicLong caused = new AtomicLong();
    private final Map<String, Integer> results = new HashMap<>();
    private final Map<String, Integer> refusals = new HashMap<>();

    private BesiegedCluster(Cluster cluster) {
        this.cluster = cluster;
        this.dispatcher = new Dispatcher(MethodTable.of(cluster));
        cluster.follow(recorded -> { if (recorded.cause().who().equals(BESIEGER.username())) caused.incrementAndGet(); });
    }

    static BesiegedCluster open(Path dir) throws IOException {
        var setup = new Cause("test", "setup");
        Cluster cluster = Cluster.at(dir).name("besieged").open();
        cluster.admins().set("admin", FakeCluster.PASSWORD.toCharArray(), setup);
        var owner = cluster.addAccount("owner", setup).id();
        var paired = cluster.createVolume(NewVolume.of("paired", owner, 1_000_000_000L), setup).volume().id();
        cluster.createVolume(NewVolume.of("lone", owner, 1_000_000_000L), setup);
        cluster.startVolumePairing(paired, Mode.ASYNC, setup);
        return new BesiegedCluster(cluster);
    }

    void ask(byte[] request) {
        long before = caused.get();
        String answer = new String(dispatcher.answer(BESIEGER, request), StandardCharsets.UTF_8);
        try {
            judge(Client.json(answer), before, request);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("asked: " + new String(request, StandardCharsets.UTF_8) + "\nanswered: " + answer, e);
        }
    }

    private void judge(JsonNode answer, long causedBefore, byte[] request) {
        assertThat(answer.isObject() && answer.size() == 2 && answer.has("id")).as("an envelope of two members").isTrue();
        if (answer.has("result")) {
            String method = asked(request);
            results.merge(method, 1, Integer::sum);
            assertThat(TypeCheck.problems(SPEC.method(method).result(), answer.get("result"))).isEmpty();
            return;
        }
        refusals.merge(asked(request), 1, Integer::sum);
        JsonNode error = answer.get("error");
        assertThat(error.get("code").intValue()).isEqualTo(500);
        assertThat(SPEC.errors()).containsKey(error.get("name").textValue());
        assertThat(error.get("name").textValue()).isNotEqualTo(ApiException.INTERNAL);
        assertThat(INSIDE.matcher(error.get("message").textValue()).find()).as("tells of the inside").isFalse();
        assertThat(caused.get()).as("events after a refusal").isEqualTo(causedBefore);
    }

    /** The method that is asked for; empty where no such thing can be read. */
    private static String asked(byte[] request) {
        try {
            return Json.read(request).path("method").asText();
        } catch (IOException maimed) {
            return "";
        }
    }

    long results() { return results.values().stream().mapToLong(n -> n).sum(); }

    long refusals() { return refusals.values().stream().mapToLong(n -> n).sum(); }

    /** The methods none of whose requests was answered with a result. */
    List<String> neverLetIn() { return SPEC.methods().keySet().stream().filter(m -> !results.containsKey(m)).toList(); }

    /** The methods none of whose requests was refused, though all can be asked wrongly. */
    List<String> neverRefused() { return SPEC.methods().keySet().stream().filter(m -> !refusals.containsKey(m)).toList(); }

    @Override public void close() { cluster.close(); }
}
