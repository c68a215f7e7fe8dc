package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeCheck;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
    private final FakeCluster cluster = new FakeCluster(new HashMap<>(), "East", "xsm6", "127.0.0.1:4443");
    private final JsonRpcServer server = JsonRpcServer.start(cluster, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        JsonRpcSettings.DEFAULT.withMaxBodyBytes(64 << 10));
    private final Client client = Client.of(server);

    @AfterEach void close() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/json-rpc/12.5", "/json-rpc/12.5/", "/json-rpc/1.0"})
    void get_api_answers_with_or_without_a_trailing_slash(String path) {
        var response = client.post(path, "{\"method\":\"GetAPI\",\"id\":1}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        JsonNode answer = Client.json(response.body());
        assertThat(TypeCheck.problems(Spec.load().method("GetAPI").result(), answer.get("result"))).isEmpty();
        assertThat(answer.at("/result/currentVersion").asText()).isEqualTo("12.5");
        assertThat(answer.get("result").get("5.1")).noneMatch(name -> name.asText().equals("ListClusterPairs"));
        assertThat(answer.get("result").get("6.0")).anyMatch(name -> name.asText().equals("ListClusterPairs"));
    }

    @Test void an_answer_is_compact_to_the_byte() {
        assertThat(client.post("/json-rpc/12.5", "{ \"id\" : 7, \"method\" : \"ListClusterPairs\" }").body())
            .isEqualTo("{\"id\":7,\"result\":{\"clusterPairs\":[]}}");
        assertThat(client.post("/json-rpc/12.5", "{\"method\":\"Nope\"}").body())
            .isEqualTo("{\"error\":{\"code\":500,\"message\":\"Unknown API method: Nope\",\"name\":\"xUnknownAPIMethod\"},\"id\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"a\u00e9\u20ac\ud83d\ude00\"", "null", "[1,{\"a\":null}]", "{\"b\":[]}", "1.50", "12345678901234567890123", "true", "\"\""})
    void an_id_comes_back_as_it_came(String id) {
        assertThat(client.post("/json-rpc/12.5", "{\"method\":\"ListClusterPairs\",\"id\":" + id + "}").body()).contains("\"id\":" + id + ",");
        assertThat(client.post("/json-rpc/12.5", "{\"method\":\"Nope\",\"id\":" + id + "}").body()).contains("\"id\":" + id + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json-rpc", "application/x-www-form-urlencoded", "nonsense"})
    void the_content_type_of_a_request_does_not_matter(String type) {
        var request = client.request("/json-rpc/12.5").header("Content-Type", type).POST(BodyPublishers.ofString("{\"method\":\"ListClusterPairs\"}"));
        assertThat(client.send(request.build()).body()).contains("clusterPairs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"params\":null", ",\"params\":{}", ",\"params\":{\"unknown\":1},\"jsonrpc\":\"2.0\""})
    void params_may_be_absent_null_empty_or_unknown(String params) {
        assertThat(client.post("/json-rpc/12.5", "{\"method\":\"ListClusterPairs\"" + params + "}").body()).contains("clusterPairs");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'method':'ListClusterPairs','params':[1]}      | xInvalidParameterType",
        "{'method':7}                                    | xInvalidRequest",
        "{}                                              | xInvalidRequest",
        "[]                                              | xInvalidRequest",
        "[{'method':'ListClusterPairs'}]                 | xInvalidRequest",
        "'text'                                          | xInvalidRequest",
        "{'method':'ListClusterPairs'                    | xInvalidRequest",
        "{'method':'ListClusterPairs'} {}                | xInvalidRequest",
        "{'method':'ListClusterPairs','method':'GetAPI'} | xInvalidRequest",
        "{'method':'GetAPI','id':1,'id':1}               | xInvalidRequest",
        "{'method':'GetAPI','id':'\\ud800'}              | xInvalidRequest",
        "{'method':'GetAPI','id':NaN}                    | xInvalidRequest",
        "{'method':'GetAPI','id':4e99986427047480}       | xInvalidRequest",
        "{'method':'RemoveVolumePair','params':{'volumeID':-1e-99986427047480}} | xInvalidRequest",
        "{'method':'RemoveClusterPair','params':{'clusterPairID':1e999999999}} | xInvalidParameterType",
        "{'method':'RemoveClusterPair','params':{'clusterPairID':0}}           | xPairingDoesNotExist",
        "{'method':'RemoveVolumePair','params':{'volumeID':-1}}                | xVolumeIDDoesNotExist"})
    void a_bad_request_is_an_api_error(String body, String error) {
        var response = client.post("/json-rpc/12.5", body.replace('\'', '"'));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Client.json(response.body()).at("/error/name").asText()).isEqualTo(error);
    }

    @Test void an_empty_body_and_one_that_is_no_text_are_api_errors() {
        assertThat(client.post("/json-rpc/12.5", "").body()).contains("xInvalidRequest");
        var garbage = client.request("/json-rpc/12.5").POST(BodyPublishers.ofByteArray(new byte[] {(byte) 0xff, 0, (byte) 0xc3, 0x28, '{'}));
        assertThat(client.send(garbage.build()).body()).contains("xInvalidRequest");
    }

    @Test void a_deep_body_is_refused_and_the_next_one_answered() {
        String deep = "{\"method\":\"GetAPI\",\"id\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}";
        assertThat(client.post("/json-rpc/12.5", deep).body()).contains("xInvalidRequest");
        assertThat(client.post("/json-rpc/12.5", "{\"method\":\"ListClusterPairs\"}").body()).contains("clusterPairs");
    }

    @Test void a_body_over_the_limit_is_refused_and_one_at_the_limit_is_not() {
        String head = "{\"method\":\"ListClusterPairs\",\"x\":\"";
        String fits = head + "x".repeat((64 << 10) - head.length() - 2) + "\"}";
        assertThat(client.post("/json-rpc/12.5", fits).body()).contains("clusterPairs");
        var over = client.post("/json-rpc/12.5", fits + " ");
        assertThat(over.statusCode()).isEqualTo(200);
        assertThat(Client.json(over.body()).at("/error/name").asText()).isEqualTo("xInvalidRequest");
        assertThat(client.post("/json-rpc/12.5", fits).body()).contains("clusterPairs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/json-rpc/12.4", "/json-rpc/99.0", "/json-rpc/012.5", "/json-rpc/", "/json-rpc", "/", "/json-rpc/12.5/x", "/other", "/json-rpc/12.5//"})
    void an_unknown_path_is_not_found_in_html(String path) {
        var response = client.post(path, "{\"method\":\"GetAPI\"}");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(response.body()).contains("<html>", "404 Not Found.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS"})
    void another_verb_is_not_allowed(String verb) {
        var response = client.send(client.request("/json-rpc/12.5").method(verb, BodyPublishers.noBody()).build());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    }

    @Test void a_method_newer_than_the_endpoint_is_unknown_to_it() {
        var request = Json.object().put("method", "StartClusterPairing");
        assertThat(client.exchange("5.1", request).at("/error/name").asText()).isEqualTo("xUnknownAPIMethod");
        assertThat(client.exchange("6.0", request).has("result")).isTrue();
    }

    @Test void access_lists_decide_and_the_cause_names_who_asked() {
        cluster.admin("watcher", Set.of("reporting"));
        var watcher = client.as("watcher", FakeCluster.PASSWORD);
        assertThat(watcher.call("ListClusterPairs", Json.object()).has("result")).isTrue();
        var denied = watcher.call("StartClusterPairing", Json.object());
        assertThat(denied.at("/error/name").asText()).isEqualTo("xPermissionDenied");
        assertThat(cluster.causes).isEmpty();
        client.call("StartClusterPairing", Json.object());
        assertThat(cluster.causes).singleElement().hasToString("Cause[who=admin, call=StartClusterPairing]");
    }

    @Test void what_nobody_foresaw_is_an_internal_error_that_tells_nothing() {
        cluster.whenListed = () -> { throw new IllegalStateException("the secret of the cellar"); };
        var error = client.call("ListActiveVolumes", Json.object()).get("error");
        assertThat(error.get("name").asText()).isEqualTo("xInternalError");
        assertThat(error.toString()).doesNotContain("cellar", "IllegalState");
    }
}
