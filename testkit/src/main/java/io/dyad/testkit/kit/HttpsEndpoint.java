package io.dyad.testkit.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/** The API of a cluster over HTTPS; holds the envelope to the rules as well. Safe for any thread. */
public final class HttpsEndpoint implements ElementEndpoint {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ObjectMapper json = new ObjectMapper();
    private final AtomicLong ids = new AtomicLong();
    private final HttpClient client;
    private final URI uri;
    private final String authorization;

    /** {@code uri} names the endpoint with its version, as in {@code https://127.0.0.1:8443/json-rpc/12.5}. */
    public HttpsEndpoint(URI uri, String user, String password, Trust trust) {
        this.uri = uri;
        this.authorization = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).sslContext(trust.context()).build();
    }

    @Override public JsonNode call(String method, ObjectNode params) throws ApiError {
        long id = ids.incrementAndGet();
        ObjectNode envelope = json.createObjectNode().put("method", method).put("id", id);
        envelope.set("params", params);
        HttpResponse<String> response = post(envelope.toString());
        if (response.statusCode() != 200) throw new AssertionError(method + " answered HTTP " + response.statusCode());
        return opened(method, id, read(method, response.body()));
    }

    private HttpResponse<String> post(String body) {
        var request = HttpRequest.newBuilder(uri).timeout(PATIENCE).header("Authorization", authorization)
            .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build();
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(uri + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private JsonNode read(String method, String body) {
        try {
            return json.readTree(body);
        } catch (IOException noJson) {
            throw new AssertionError(method + " answered no JSON", noJson);
        }
    }

    private static JsonNode opened(String method, long id, JsonNode answer) throws ApiError {
        if (answer.path("id").longValue() != id) throw new AssertionError(method + " answered id " + answer.path("id"));
        if (answer.has("error") == answer.has("result")) throw new AssertionError(method + " answered both or neither of result and error");
        if (answer.has("result")) return answer.path("result");
        JsonNode error = answer.path("error");
        if (error.path("code").intValue() != 500) throw new AssertionError(method + " answered code " + error.path("code"));
        throw new ApiError(error.path("name").asText(), error.path("message").asText());
    }
}
