package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.jsonrpc.Dispatcher.Caller;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.ParamSpec;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeSpec.Kind;
import io.dyad.spec.TypeSpec.Words;
import io.dyad.spec.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for each method of the contract, on each endpoint, for each of its params and each access list. */
class EveryMethodTest {
    private static final Spec SPEC = Spec.load();
    private final Dispatcher dispatcher = new Dispatcher(MethodTable.of(new FakeCluster(new HashMap<>(), "East", "xsm6", "127.0.0.1:4443")));

    static Stream<MethodSpec> methods() { return SPEC.methods().values().stream(); }

    private JsonNode error(String access, Version version, String method, JsonNode params) {
        ObjectNode request = Json.object().put("method", method).put("id", 1);
        request.set("params", params);
        try {
            return Json.read(dispatcher.answer(new Caller("admin", Set.of(access), version), Json.write(request))).path("error");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String named(Version version, MethodSpec m, JsonNode params) { return error("administrator", version, m.name(), params).path("name").asText(); }

    /** Whether the endpoint has the method. */
    boolean isKnown(MethodSpec m, Version version) { return !named(version, m, Json.object()).equals("xUnknownAPIMethod"); }

    /** The error that the method answers when this param is of a wrong type and those it needs are as they should be. */
    JsonNode mistyped(MethodSpec m, ParamSpec p) {
        ObjectNode params = required(m);
        params.set(p.name(), isContainer(p) ? params.numberNode(7) : params.objectNode());
        return error("administrator", SPEC.currentVersion(), m.name(), params);
    }

    private static boolean isContainer(ParamSpec p) { return p.type().kind() == Kind.ARRAY || p.type().kind() == Kind.OBJECT; }

    @ParameterizedTest @MethodSource("methods")
    void answers_on_every_endpoint_from_its_own_version_on_and_is_unknown_to_older_ones(MethodSpec m) {
        for (Version version : SPEC.versions()) {
            assertThat(isKnown(m, version)).as(m.name() + " on " + version).isEqualTo(version.compareTo(m.since()) >= 0);
        }
    }

    @Test void the_list_of_each_version_holds_what_answers_there_in_order_of_names() throws IOException {
        byte[] answer = dispatcher.answer(new Caller("admin", Set.of("read"), SPEC.versions().first()), Json.write(Json.object().put("method", "GetAPI")));
        JsonNode api = Json.read(answer).get("result");
        assertThat(api.get("supportedVersions")).extracting(JsonNode::asText).containsExactlyElementsOf(SPEC.versions().stream().map(Version::toString).toList());
        for (Version version : SPEC.versions()) {
            assertThat(Double.parseDouble(version.toString())).isPositive();
            assertThat(api.get(version.toString())).as(version.toString()).extracting(JsonNode::asText)
                .containsExactlyElementsOf(methods().filter(m -> m.since().compareTo(version) <= 0).map(MethodSpec::name).sorted().toList());
        }
    }

    @ParameterizedTest @MethodSource("methods")
    void a_param_of_a_wrong_type_is_refused_in_those_words(MethodSpec m) {
        for (ParamSpec p : m.params()) {
            JsonNode error = mistyped(m, p);
            assertThat(error.get("name").asText()).as(m.name() + "." + p.name()).isEqualTo("xInvalidParameterType");
            assertThat(error.get("message").asText()).isEqualTo(p.name() + ": Invalid type: expected " + p.type().kind().word() + " but found " + (isContainer(p) ? "7" : "object"));
            assertThat(error.get("code").asInt()).isEqualTo(500);
        }
    }

    @ParameterizedTest @MethodSource("methods")
    void a_required_param_that_is_absent_or_null_is_missed_and_no_other_is(MethodSpec m) {
        for (ParamSpec p : m.params().stream().filter(ParamSpec::required).toList()) {
            ObjectNode params = required(m);
            params.remove(p.name());
            assertThat(error("administrator", SPEC.currentVersion(), m.name(), params).get("message").asText()).isEqualTo("Missing parameter: " + p.name());
            assertThat(named(SPEC.currentVersion(), m, params.putNull(p.name()))).isEqualTo("xMissingParameter");
        }
        assertThat(named(SPEC.currentVersion(), m, required(m))).isNotEqualTo("xMissingParameter");
    }

    @ParameterizedTest @MethodSource("methods")
    void a_param_newer_than_the_endpoint_and_one_that_nobody_knows_are_ignored(MethodSpec m) {
        ObjectNode params = required(m);
        params.putObject("noSuchParam").put("a", 1);
        m.params().stream().filter(p -> p.since().compareTo(m.since()) > 0)
            .forEach(p -> params.set(p.name(), p.type().kind() == Kind.OBJECT ? params.numberNode(7) : params.objectNode()));
        assertThat(named(m.since(), m, params)).isNotEqualTo("xInvalidParameterType");
    }

    @ParameterizedTest @MethodSource("methods")
    void only_who_has_one_of_its_access_lists_may_call_it(MethodSpec m) {
        for (String access : ((Words) SPEC.type("AccessList")).values()) {
            boolean denied = error(access, SPEC.currentVersion(), m.name(), Json.object()).path("name").asText().equals("xPermissionDenied");
            assertThat(denied).as(m.name() + " for " + access).isEqualTo(!access.equals("administrator") && !m.access().contains(access));
        }
    }

    /** The required params, each of its type, though no such thing may exist. */
    private static ObjectNode required(MethodSpec m) {
        ObjectNode params = Json.object();
        for (ParamSpec p : m.params().stream().filter(ParamSpec::required).toList()) {
            switch (p.type().kind()) {
                case INTEGER, NUMBER -> params.put(p.name(), 1_000_000_000L);
                case BOOLEAN -> params.put(p.name(), true);
                case STRING -> params.put(p.name(), "abcdefghijkl");
                case OBJECT -> params.putObject(p.name());
                case ARRAY -> params.putArray(p.name());
            }
        }
        return params;
    }
}
