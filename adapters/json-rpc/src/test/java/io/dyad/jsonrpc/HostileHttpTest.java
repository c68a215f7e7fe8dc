package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no HTTP, or barely: it is refused or cut off without a word of the inside, and the next client is served. */
@Timeout(60)
class HostileHttpTest {
    private static final String LIST = "{\"method\":\"ListClusterPairs\",\"id\":1}";
    private final FakeCluster cluster = new FakeCluster(new HashMap<>(), "East", "xsm6", "127.0.0.1:4443");
    private final JsonRpcServer server = JsonRpcServer.start(cluster, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        JsonRpcSettings.DEFAULT.withReadTimeout(Duration.ofMillis(500)));
    private final Client client = Client.of(server);

    @AfterEach void close() {
        client.close();
        server.close();
    }

    static Stream<String> requests() {
        String post = "POST /json-rpc/12.5 HTTP/1.1\r\nHost: x\r\n";
        return Stream.of("\r\n\r\n\r\n", "GET\r\n\r\n", "POST /json-rpc/12.5 HTTP/9.9\r\nHost: x\r\n\r\n", "POST /json-rpc/12.5\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "POST /json-rpc/%zz HTTP/1.1\r\nHost: x\r\n\r\n", "POST /json-rpc/12.5/../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "POST http://[::1/json-rpc HTTP/1.1\r\nHost: x\r\n\r\n",
            post + "Content-Length: -1\r\n\r\n", post + "Content-Length: 99999999999999999999\r\n\r\n", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", post + "Transfer-Encoding: chunked\r\n\r\nzzzz\r\n", post + "Transfer-Encoding: gzip\r\n\r\n",
            post + "X: " + "y".repeat(1 << 20) + "\r\n\r\n", post + "X: y\r\n".repeat(20_000) + "\r\n", post + ": no name\r\n\r\n", post + "X y\r\n\r\n", post + "X\u0000: y\r\n\r\n",
            post + "Authorization: Basic \u00ff\u00fe\r\n\r\n", post + "Authorization: Basic " + "QQ".repeat(100_000) + "\r\n\r\n", post + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
            "POST /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    @ParameterizedTest @MethodSource("requests")
    void is_answered_without_the_inside_or_cut_off(String request) throws IOException {
        tellsNothing(said(request.getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(client.post("/json-rpc/12.5", LIST).statusCode()).isEqualTo(200);
    }

    @Test void noise_is_cut_off() throws IOException {
        var random = new Random(1);
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[1 + random.nextInt(5000)];
            random.nextBytes(noise);
            tellsNothing(said(noise));
        }
        assertThat(client.post("/json-rpc/12.5", LIST).statusCode()).isEqualTo(200);
    }

    private static void tellsNothing(String answer) {
        assertThat(answer).doesNotContain("Exception", "io.dyad", "io.helidon", "\tat ").doesNotContainPattern("\\.java:\\d");
    }

    /** Everything the server says until it ends the connection; it ends it when nothing more comes. */
    private String said(byte[] request) throws IOException {
        try (var socket = (SSLSocket) TestTls.trusting().getSocketFactory().createSocket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            try {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (SocketTimeoutException stillOpen) {
                throw new AssertionError("the connection is still open", stillOpen);
            } catch (IOException cutOff) {
                return "";
            }
        }
    }
}
