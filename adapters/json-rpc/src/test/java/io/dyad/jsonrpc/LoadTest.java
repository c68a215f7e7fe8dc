package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred clients that keep their connections, on a real cluster. */
@Timeout(180)
class LoadTest {
    private static final int CLIENTS = 200;
    private static final int ROUNDS = 5;
    private static final String LOGIN = ServedCluster.ADMIN + ":" + FakeCluster.PASSWORD;
    @TempDir private Path dir;

    private static JsonNode json(byte[] answer) { return Client.json(new String(answer, StandardCharsets.UTF_8)); }

    private static String volume(String name) {
        return "{\"method\":\"CreateVolume\",\"params\":{\"name\":\"" + name + "\",\"accountID\":1,\"totalSize\":1000000000},\"id\":1}";
    }

    private static String note(long volume, int value) {
        return "{\"method\":\"ModifyVolume\",\"params\":{\"volumeID\":" + volume + ",\"attributes\":{\"n\":" + value + "}},\"id\":1}";
    }

    private static String show(long volume) { return "{\"method\":\"ListVolumes\",\"params\":{\"volumeIDs\":[" + volume + "]},\"id\":1}"; }

    /** A client changes a volume of its own and reads back what it wrote, over one connection. */
    private static int works(ServedCluster cluster, long volume, CountDownLatch together) throws IOException, InterruptedException {
        int right = 0;
        try (var client = new KeepAliveClient(cluster.server().address(), LOGIN)) {
            client.ask(show(volume));
            together.countDown();
            together.await();
            for (int i = 0; i < ROUNDS; i++) {
                client.ask(note(volume, i));
                if (json(client.ask(show(volume))).at("/result/volumes/0/attributes/n").asInt(-1) == i) right++;
            }
        }
        return right;
    }

    @Test void two_hundred_kept_connections_read_what_they_wrote() throws Exception {
        try (var cluster = ServedCluster.open(dir, "east"); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            cluster.ask("AddAccount", "{'username':'shop'}");
            var volumes = new ArrayList<Long>();
            try (var setup = new KeepAliveClient(cluster.server().address(), LOGIN)) {
                for (int i = 0; i < 20; i++) volumes.add(json(setup.ask(volume("v" + i))).at("/result/volumeID").longValue());
            }
            var together = new CountDownLatch(CLIENTS);
            var done = new ArrayList<Future<Integer>>();
            for (int c = 0; c < CLIENTS; c++) {
                long own = volumes.get(c % volumes.size());
                boolean writer = c < volumes.size();
                done.add(threads.submit(() -> writer ? works(cluster, own, together) : reads(cluster, own, together)));
            }
            for (var each : done) assertThat(each.get(120, TimeUnit.SECONDS)).isEqualTo(ROUNDS);
        }
    }

    private static int reads(ServedCluster cluster, long volume, CountDownLatch together) throws IOException, InterruptedException {
        int right = 0;
        try (var client = new KeepAliveClient(cluster.server().address(), LOGIN)) {
            client.ask(show(volume));
            together.countDown();
            together.await();
            for (int i = 0; i < ROUNDS; i++) if (json(client.ask(show(volume))).at("/result/volumes/0/volumeID").longValue() == volume) right++;
        }
        return right;
    }

    /** Whoever is answered is answered whole, and what was acknowledged is there afterwards. */
    @Test void a_shutdown_under_load_leaves_no_half_answers_and_loses_nothing_acknowledged() throws Exception {
        int acknowledged;
        var started = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> made = new ArrayList<>();
            try (var cluster = ServedCluster.open(dir, "east")) {
                cluster.ask("AddAccount", "{'username':'shop'}");
                for (int c = 0; c < 20; c++) {
                    int client = c;
                    made.add(threads.submit(() -> createsUntilTheEnd(cluster, client, started)));
                }
                GivenState.until(() -> started.get() > 60);
                cluster.server().close();
                int sum = 0;
                for (var each : made) sum += each.get(60, TimeUnit.SECONDS);
                acknowledged = sum;
            }
        }
        try (var again = ServedCluster.open(dir, "east")) {
            assertThat(again.cluster().volumes().size()).isBetween(acknowledged, started.get());
        }
    }

    /** How many were acknowledged; an answer that does not parse fails. */
    private static int createsUntilTheEnd(ServedCluster cluster, int client, AtomicInteger started) {
        int made = 0;
        try (var connection = new KeepAliveClient(cluster.server().address(), LOGIN)) {
            while (made < 500) {
                started.incrementAndGet();
                if (json(connection.ask(volume("c" + client + "-" + made))).has("result")) made++;
            }
        } catch (IOException theEnd) {
            return made;
        }
        return made;
    }
}
