package io.dyad.cli.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** An administrator's JSON-RPC client of one cluster's Element API. */
public final class ApiClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Longer than a planned switch may drain. */
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int OK = 200, UNAUTHORIZED = 401;
    private final JsonMapper json = new JsonMapper();
    private final AtomicLong ids = new AtomicLong();
    private final HttpClient http;
    private final URI endpoint;
    private final String login;

    public ApiClient(URI endpoint, SSLContext trust, Credentials login) {
        this.endpoint = endpoint;
        this.login = "Basic " + Base64.getEncoder().encodeToString((login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8));
        this.http = HttpClient.newBuilder().sslContext(trust).version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
    }

    public URI endpoint() { return endpoint; }

    /** The result of a call; an error answer, or none, throws {@link ApiFailure}. */
    public JsonNode call(String method, Map<String, ?> params) {
        ObjectNode request = json.createObjectNode().put("method", method).put("id", ids.incrementAndGet());
        request.set("params", json.valueToTree(params));
        JsonNode answer = post(method, request);
        if (answer.has("error")) throw new ApiFailure(method + " was refused: " + answer.at("/error/name").asText() + ", " + answer.at("/error/message").asText());
        return answer.path("result");
    }

    private JsonNode post(String method, ObjectNode request) {
        var post = HttpRequest.newBuilder(endpoint).timeout(ANSWER).header("Authorization", login).header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(request.toString())).build();
        try {
            HttpResponse<String> response = http.send(post, BodyHandlers.ofString());
            if (response.statusCode() == UNAUTHORIZED) throw new ApiFailure(endpoint + " does not accept this user and password");
            if (response.statusCode() != OK) throw new ApiFailure(method + " was answered by HTTP " + response.statusCode());
            return json.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new ApiFailure(endpoint + " does not speak JSON-RPC: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiFailure.noAnswer(method + " got no answer from " + endpoint + ": " + why(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.noAnswer(method + " was interrupted", e);
        }
    }

    /** The words at the bottom: the client wraps what the network and the certificate say. */
    private static String why(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) deepest = deepest.getCause();
        return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    }

    @Override public void close() { http.shutdownNow(); }
}
