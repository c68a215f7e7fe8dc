package io.dyad.jsonrpc;

import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.domain.EventLog.Cause;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntUnaryOperator;

/**
 * Requests a second of the API beside a handler of the same HTTP server that answers the same bytes and does nothing else, taking turns, over TLS
 * and kept connections; and what a request costs before and after twenty thousand further events. {@code ApiSpeed DIR SECONDS}.
 */
final class ApiSpeed {
    private static final int VOLUMES = 1000;
    private static final int CLIENTS = 4;
    private static final int ROUNDS = 5;
    private static final int FURTHER_EVENTS = 20_000;
    private static final String LOGIN = "admin:right";
    private static final String LIST = "{\"method\":\"ListVolumes\",\"params\":{},\"id\":1}";
    private static final String SMALL = "{\"method\":\"GetClusterInfo\",\"params\":{},\"id\":1}";
    private static final String COMMAND = "{\"method\":\"ModifyVolume\",\"params\":{\"volumeID\":%d,\"attributes\":{\"n\":%d}},\"id\":1}";

    private ApiSpeed() { }

    public static void main(String[] words) throws Exception {
        double seconds = Double.parseDouble(words[1]);
        try (Cluster cluster = Cluster.at(Path.of(words[0])).name("speed").open()) {
            fill(cluster);
            var server = JsonRpcServer.start(cluster, loopback(), JsonRpcSettings.DEFAULT);
            byte[] list = once(server.address(), LIST);
            byte[] small = once(server.address(), SMALL);
            WebServer bareList = bare(cluster, list);
            WebServer bareSmall = bare(cluster, small);
            System.out.printf("digests %s %s%n", digest(list), digest(once(at(bareList), LIST)));
            beside("ListVolumes", seconds, server.address(), at(bareList), i -> LIST);
            beside("GetClusterInfo", seconds, server.address(), at(bareSmall), i -> SMALL);
            beside("ModifyVolume", seconds, server.address(), at(bareSmall), ApiSpeed::command);
            history(seconds, server.address());
            bareList.stop();
            bareSmall.stop();
            server.close();
        }
    }

    private interface Requests { String number(int i); }

    private static String command(int i) { return COMMAND.formatted(1 + i % VOLUMES, i); }

    private static void fill(Cluster cluster) {
        var me = new Cause("test", "speed");
        cluster.admins().set("admin", "right".toCharArray(), me);
        var owner = cluster.addAccount("owner", me).id();
        for (int i = 0; i < VOLUMES; i++) cluster.createVolume(NewVolume.of("volume-" + i, owner, 1_000_000_000L), me);
    }

    private static WebServer bare(Cluster cluster, byte[] answer) {
        return WebServer.builder().bindAddress(loopback()).tls(Tls.builder().sslContext(cluster.tls()).enabledProtocols(List.of("TLSv1.3", "TLSv1.2")).build())
            .useNio(false).shutdownHook(false).routing(r -> r.any((request, response) -> {
                request.content().as(byte[].class);
                response.header(HeaderNames.CONTENT_TYPE, "application/json").send(answer);
            })).build().start();
    }

    private static InetSocketAddress loopback() { return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0); }

    private static InetSocketAddress at(WebServer server) { return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()); }

    private static byte[] once(InetSocketAddress to, String request) throws IOException {
        try (var client = new KeepAliveClient(to, LOGIN)) {
            return client.ask(request);
        }
    }

    private static String digest(byte[] bytes) throws Exception { return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)); }

    private static void beside(String what, double seconds, InetSocketAddress dyad, InetSocketAddress bare, Requests requests) throws Exception {
        perSecond(seconds, dyad, requests);
        perSecond(seconds, bare, requests);
        var own = new ArrayList<Double>();
        var other = new ArrayList<Double>();
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS; i++) {
            own.add(perSecond(seconds, dyad, requests));
            other.add(perSecond(seconds, bare, requests));
            ratios.add(own.getLast() / other.getLast());
        }
        System.out.printf("%s dyad %.1f bare %.1f ratio %.3f%n", what, median(own), median(other), median(ratios));
    }

    private static double median(List<Double> of) { return of.stream().sorted().toList().get(of.size() / 2); }

    private static double perSecond(double seconds, InetSocketAddress to, Requests requests) throws InterruptedException, ExecutionException {
        long began = System.nanoTime();
        long until = began + (long) (seconds * 1e9);
        int sum = together(c -> asked(to, requests, c * VOLUMES / CLIENTS, Integer.MAX_VALUE, until));
        return sum / ((System.nanoTime() - began) / 1e9);
    }

    /** Lets all clients work side by side; returns how many requests were answered. */
    private static int together(IntUnaryOperator client) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int c = 0; c < CLIENTS; c++) {
                int number = c;
                counts.add(threads.submit(() -> client.applyAsInt(number)));
            }
            int sum = 0;
            for (var count : counts) sum += count.get();
            return sum;
        }
    }

    private static int asked(InetSocketAddress to, Requests requests, int first, int most, long until) {
        try (var client = new KeepAliveClient(to, LOGIN)) {
            int n = 0;
            for (; n < most && System.nanoTime() - until < 0; n++) client.ask(requests.number(first + n));
            return n;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same requests before and after further events: ratios below 1 would say that a request grows dearer. */
    private static void history(double seconds, InetSocketAddress dyad) throws Exception {
        double list = medianPerSecond(seconds, dyad, i -> LIST);
        double command = medianPerSecond(seconds, dyad, ApiSpeed::command);
        together(c -> asked(dyad, ApiSpeed::command, c * VOLUMES / CLIENTS, FURTHER_EVENTS / CLIENTS, System.nanoTime() + Long.MAX_VALUE / 2));
        System.out.printf("after %d events ListVolumes %.3f ModifyVolume %.3f%n", FURTHER_EVENTS, medianPerSecond(seconds, dyad, i -> LIST) / list,
            medianPerSecond(seconds, dyad, ApiSpeed::command) / command);
    }

    private static double medianPerSecond(double seconds, InetSocketAddress to, Requests requests) throws Exception {
        List<Double> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) rounds.add(perSecond(seconds, to, requests));
        return median(rounds);
    }
}
