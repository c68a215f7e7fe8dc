package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;

/** An HTTPS client of one server, logged in as the administrator unless told otherwise. */
record Client(HttpClient http, InetSocketAddress address, String login) implements AutoCloseable {
    /** An answer may be nested a little deeper than a request: it holds what requests left. */
    private static final JsonMapper ANSWERS = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    static Client of(JsonRpcServer server) { return of(server, TestTls.context()); }

    static Client of(JsonRpcServer server, SSLContext trust) {
        return new Client(HttpClient.newBuilder().sslContext(trust).version(HttpClient.Version.HTTP_1_1).build(), server.address(), "admin:" + FakeCluster.PASSWORD);
    }

    Client as(String user, String password) { return new Client(http, address, user + ":" + password); }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://" + address.getAddress().getHostAddress() + ":" + address.getPort() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> post(String path, String body) { return send(request(path).POST(BodyPublishers.ofString(body)).build()); }

    /** The whole answer to a whole request, on an endpoint; a result is of its type, or this fails. */
    JsonNode exchange(String version, JsonNode request) {
        HttpResponse<String> response = post("/json-rpc/" + version, request.toString());
        if (response.statusCode() != 200) throw new IllegalStateException(response.statusCode() + " " + response.body());
        JsonNode answer = json(response.body());
        if (answer.has("result")) {
            assertThat(TypeCheck.problems(Spec.load().method(request.get("method").asText()).result(), answer.get("result"))).isEmpty();
        }
        return answer;
    }

    JsonNode result(String method, ObjectNode params) {
        JsonNode answer = call(method, params);
        assertThat(answer.has("result")).as(answer.toString()).isTrue();
        return answer.get("result");
    }

    /** Answers the error's name, "" when there is none. */
    String error(String method, ObjectNode params) { return call(method, params).at("/error/name").asText(); }

    JsonNode call(String method, ObjectNode params) {
        ObjectNode request = Json.object().put("method", method).put("id", 1);
        request.set("params", params);
        return exchange("12.5", request);
    }

    static JsonNode json(String text) {
        try {
            return ANSWERS.readTree(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    @Override public void close() { http.close(); }
}
