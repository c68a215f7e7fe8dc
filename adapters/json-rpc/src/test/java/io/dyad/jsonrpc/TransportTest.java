package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TransportTest {
    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);
    private static final String LIST = "{\"method\":\"ListClusterPairs\",\"id\":1}";

    private final FakeCluster cluster = new FakeCluster(new HashMap<>(), "East", "xsm6", "127.0.0.1:4443");
    private final JsonRpcServer server = start(JsonRpcSettings.DEFAULT);
    private final Client client = Client.of(server);

    private JsonRpcServer start(JsonRpcSettings settings) {
        return JsonRpcServer.start(cluster, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), settings);
    }

    @AfterEach void close() {
        client.close();
        server.close();
    }

    @ParameterizedTest @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_of_one_tls_version_is_served(String version) throws Exception {
        var only = new SSLParameters();
        only.setProtocols(new String[] {version});
        try (var http = HttpClient.newBuilder().sslContext(TestTls.context()).sslParameters(only).build()) {
            var response = http.send(client.request("/json-rpc/12.5").POST(BodyPublishers.ofString(LIST)).build(), BodyHandlers.ofString());
            assertThat(response.sslSession().orElseThrow().getProtocol()).isEqualTo(version);
            assertThat(response.body()).contains("clusterPairs");
        }
    }

    @Test void it_listens_where_it_was_told() {
        assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(server.address().getPort()).isPositive();
    }

    @Test void many_requests_travel_on_one_connection() throws Exception {
        try (SSLSocket socket = connect(server)) {
            for (int i = 0; i < 20; i++) {
                send(socket, "Connection: keep-alive\r\nContent-Length: " + LIST.length() + "\r\n\r\n" + LIST);
                assertThat(answer(socket)).startsWith("HTTP/1.1 200").contains("clusterPairs");
            }
        }
    }

    @Test void a_connection_survives_a_refused_login() throws Exception {
        try (SSLSocket socket = connect(server)) {
            socket.getOutputStream().write(("POST /json-rpc/12.5 HTTP/1.1\r\nHost: x\r\nContent-Length: " + LIST.length() + "\r\n\r\n" + LIST).getBytes(StandardCharsets.UTF_8));
            assertThat(answer(socket)).startsWith("HTTP/1.1 401");
            send(socket, "Content-Length: " + LIST.length() + "\r\n\r\n" + LIST);
            assertThat(answer(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test void two_hundred_clients_at_once_are_all_answered() throws Exception {
        var together = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<String>>();
            for (int i = 0; i < 200; i++) {
                answers.add(threads.submit(() -> {
                    try (SSLSocket socket = connect(server)) {
                        together.await();
                        send(socket, "Content-Length: " + LIST.length() + "\r\n\r\n" + LIST);
                        return answer(socket);
                    }
                }));
            }
            together.countDown();
            for (var each : answers) assertThat(each.get()).startsWith("HTTP/1.1 200").contains("clusterPairs");
        }
        assertThat(cluster.admins.authentications).as("one password, checked once").hasValue(1);
    }

    @Test void a_body_that_never_ends_ends_the_connection_and_harms_no_one() throws Exception {
        try (var hasty = start(JsonRpcSettings.DEFAULT.withReadTimeout(Duration.ofMillis(300))); var other = Client.of(hasty); SSLSocket slow = connect(hasty)) {
            send(slow, "Content-Length: 1000\r\n\r\n{");
            assertThat(other.post("/json-rpc/12.5", LIST).statusCode()).isEqualTo(200);
            assertThat(answer(slow)).doesNotContain("200 OK");
        }
    }

    /** Slow loris: never silent, never done with its headers. */
    @Test void headers_that_never_end_end_the_connection_and_harm_no_one() throws Exception {
        try (var hasty = start(JsonRpcSettings.DEFAULT.withReadTimeout(Duration.ofMillis(500))); var other = Client.of(hasty); SSLSocket slow = connect(hasty)) {
            slow.getOutputStream().write("POST /json-rpc/12.5 HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> {
                for (int i = 0; i < 2000; i++) {
                    slow.getOutputStream().write((i % 8 == 7 ? "\r\n" : i % 8 == 1 ? ":" : "x").getBytes(StandardCharsets.UTF_8));
                    slow.getOutputStream().flush();
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                }
            }).as("long before its 2,000 headers").isInstanceOf(IOException.class);
            assertThat(other.post("/json-rpc/12.5", LIST).statusCode()).isEqualTo(200);
        }
    }

    @Test void a_client_that_calls_now_and_then_keeps_its_connection() throws Exception {
        try (var hasty = start(JsonRpcSettings.DEFAULT.withReadTimeout(Duration.ofMillis(1000))); SSLSocket socket = connect(hasty)) {
            long until = System.nanoTime() + Duration.ofMillis(2500).toNanos();
            while (System.nanoTime() < until) {
                send(socket, "Content-Length: " + LIST.length() + "\r\n\r\n" + LIST);
                assertThat(answer(socket)).startsWith("HTTP/1.1 200");
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    @Test void a_chunked_body_over_the_limit_is_refused_by_an_api_error() throws Exception {
        try (var small = start(JsonRpcSettings.DEFAULT.withMaxBodyBytes(1000)); var other = Client.of(small)) {
            var request = other.request("/json-rpc/12.5").POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[5000])));
            assertThat(other.send(request.build()).body()).contains("xInvalidRequest", "1000 bytes");
            assertThat(other.post("/json-rpc/12.5", LIST).statusCode()).isEqualTo(200);
        }
    }

    @Test void closing_lets_a_call_under_way_finish() throws Exception {
        var entered = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        cluster.whenListed = () -> {
            entered.countDown();
            await(leave);
        };
        var answer = CompletableFuture.supplyAsync(() -> client.post("/json-rpc/12.5", "{\"method\":\"ListActiveVolumes\"}"), THREADS);
        await(entered);
        var closed = CompletableFuture.runAsync(server::close, THREADS);
        assertThatThrownBy(() -> { while (true) connect(server).close(); }).as("nobody new is let in").isInstanceOf(IOException.class);
        assertThat(closed).isNotDone();
        leave.countDown();
        assertThat(answer.get(20, TimeUnit.SECONDS).body()).contains("volumes");
        closed.get(20, TimeUnit.SECONDS);
    }

    @Test void closing_does_not_wait_for_a_call_that_never_ends() throws Exception {
        var entered = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        cluster.whenListed = () -> {
            entered.countDown();
            while (leave.getCount() > 0) Thread.onSpinWait();              // deaf to interrupts
        };
        var hasty = start(JsonRpcSettings.DEFAULT.withDrain(Duration.ofMillis(200)));
        try (var other = Client.of(hasty)) {
            var answer = CompletableFuture.supplyAsync(() -> other.post("/json-rpc/12.5", "{\"method\":\"ListActiveVolumes\"}"), THREADS);
            await(entered);
            CompletableFuture.runAsync(hasty::close, THREADS).get(20, TimeUnit.SECONDS);
            leave.countDown();
            assertThat(answer).failsWithin(Duration.ofSeconds(20));
        } finally {
            leave.countDown();
        }
    }

    @Test void a_client_that_never_says_a_word_does_not_keep_its_place() throws Exception {
        var one = new JsonRpcSettings(1 << 20, 1, Duration.ofMillis(300), Duration.ofSeconds(1));
        try (var narrow = start(one); var mute = new Socket(narrow.address().getAddress(), narrow.address().getPort()); var other = Client.of(narrow)) {
            assertThat(mute.isConnected()).isTrue();
            assertThat(other.post("/json-rpc/12.5", LIST).statusCode()).isEqualTo(200);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) throw new IllegalStateException("waited in vain");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLSocket connect(JsonRpcServer to) throws IOException {
        var socket = (SSLSocket) TestTls.context().getSocketFactory()
            .createSocket(new Socket(to.address().getAddress(), to.address().getPort()), "127.0.0.1", to.address().getPort(), true);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private void send(SSLSocket socket, String rest) throws IOException {
        String login = client.request("/").build().headers().firstValue("Authorization").orElseThrow();
        socket.getOutputStream().write(("POST /json-rpc/12.5 HTTP/1.1\r\nHost: x\r\nAuthorization: " + login + "\r\n" + rest).getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /** One answer, read by its Content-Length; what came, if the connection ends before. */
    private static String answer(SSLSocket socket) throws IOException {
        InputStream in = socket.getInputStream();
        var text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) return text.toString();
            text.append((char) b);
        }
        var length = java.util.regex.Pattern.compile("(?i)content-length: *(\\d+)").matcher(text);
        if (length.find()) text.append(new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8));
        return text.toString();
    }
}
