package io.dyad.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A cluster served by a process of its own, killed and started again on the same directory and ports. */
final class ServedCluster implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ADMIN = "admin:correct-horse";
    private static final Duration ANSWER = Duration.ofSeconds(60);
    final String name;
    final Path dir;
    final InetSocketAddress api = freePort();
    final InetSocketAddress nbd = freePort();
    /** What every process of this cluster said on standard error. */
    final List<String> log = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(ANSWER).sslContext(trusting()).build();
    private volatile Process process;

    ServedCluster(String name, Path dir) throws IOException {
        this.name = name;
        this.dir = dir;
        this.process = launch();
    }

    private static InetSocketAddress freePort() {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), any.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process launch() throws IOException {
        Process started = Program.start("serve", List.of("--name", name, "--mvip", text(api), "--data", dir.toString(), "--admin", ADMIN, "--nbd", text(nbd)));
        Thread.ofVirtual().start(() -> keep(started.errorReader()));
        String first = started.inputReader().readLine();
        if (!("ready " + name + " https://" + text(api) + " nbd://" + text(nbd)).equals(first)) throw new IOException(name + " said " + first + "; " + log);
        return started;
    }

    private void keep(BufferedReader lines) {
        try (lines) {
            lines.lines().forEach(log::add);
        } catch (java.io.UncheckedIOException | IOException e) {
            log.add("the process is gone");
        }
    }

    private static String text(InetSocketAddress a) { return a.getAddress().getHostAddress() + ":" + a.getPort(); }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
        log.add("killed");
    }

    void restart() throws IOException { process = launch(); }

    /** The result of a call; an error of the API, or none in time, throws. */
    JsonNode call(String method, ObjectNode params) throws IOException {
        ObjectNode body = JSON.createObjectNode().put("method", method).put("id", 1);
        body.set("params", params);
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + text(api) + "/json-rpc/12.5")).timeout(ANSWER)
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(ADMIN.getBytes()))
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
        try {
            JsonNode answer = JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
            if (!answer.has("result")) throw new IllegalStateException(name + " " + method + ": " + answer);
            return answer.get("result");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static ObjectNode params() { return JSON.createObjectNode(); }

    /** The end of the log, for a failure's message. */
    String said() { return name + ":\n" + String.join("\n", log.subList(Math.max(0, log.size() - 60), log.size())); }

    /** What a list shows at a place; empty while nobody answers. */
    Optional<String> show(String method, String pointer) {
        try {
            return Optional.of(call(method, params()).at(pointer).asText());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override public void close() {
        process.destroyForcibly().onExit().join();
        http.close();
    }

    /** Whoever answers on our own port will do: certificates are tested elsewhere. */
    private static SSLContext trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsAll()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) { }

        @Override public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) { }

        @Override public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) { }

        @Override public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) { }

        @Override public void checkClientTrusted(X509Certificate[] chain, String type) { }

        @Override public void checkServerTrusted(X509Certificate[] chain, String type) { }

        @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
    }
}
