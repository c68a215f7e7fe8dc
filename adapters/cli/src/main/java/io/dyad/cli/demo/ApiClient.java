package io.dyad.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** An administrator's JSON-RPC client of one cluster's Element API, over TLS that accepts that cluster's certificate and no other. */
final class ApiClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Longer than a planned switch may drain. */
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int OK = 200;
    private final JsonMapper json = new JsonMapper();
    private final AtomicLong ids = new AtomicLong();
    private final HttpClient http;
    private final URI endpoint;
    private final String login;

    ApiClient(URI endpoint, String certificateFingerprint, String user, String password) {
        this.endpoint = endpoint;
        this.login = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        this.http = HttpClient.newBuilder().sslContext(PinnedTrust.context(certificateFingerprint)).version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
    }

    URI endpoint() { return endpoint; }

    /** The result of a call; an error answer fails the step. */
    JsonNode call(String method, Map<String, ?> params) {
        ObjectNode request = json.createObjectNode().put("method", method).put("id", ids.incrementAndGet());
        request.set("params", json.valueToTree(params));
        JsonNode answer = post(method, request);
        if (answer.has("error")) throw new DemoFailure(method + " was refused: " + answer.at("/error/name").asText() + ", " + answer.at("/error/message").asText());
        return answer.path("result");
    }

    private JsonNode post(String method, ObjectNode request) {
        var post = HttpRequest.newBuilder(endpoint).timeout(ANSWER).header("Authorization", login).header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(request.toString())).build();
        try {
            var response = http.send(post, BodyHandlers.ofString());
            if (response.statusCode() != OK) throw new DemoFailure(method + " was answered by HTTP " + response.statusCode());
            return json.readTree(response.body());
        } catch (IOException e) {
            throw new DemoFailure(method + " got no answer from " + endpoint + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure(method + " was interrupted", e);
        }
    }

    @Override public void close() { http.shutdownNow(); }
}
