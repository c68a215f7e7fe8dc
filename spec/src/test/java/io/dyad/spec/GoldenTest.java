package io.dyad.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Spec SPEC = Spec.load();

    static Stream<GoldenExchange> exchanges() { return SPEC.golden().stream(); }

    static Stream<GoldenExchange> answered() { return exchanges().filter(g -> !g.isRefusal()); }

    static Stream<GoldenExchange> refused() { return exchanges().filter(GoldenExchange::isRefusal); }

    @Test void each_method_has_an_answer_and_each_of_its_errors_an_exchange() {
        assertThat(SPEC.methods().values()).allSatisfy(m -> {
            assertThat(answered().map(GoldenExchange::method)).contains(m.name());
            assertThat(refused().filter(g -> g.method().equals(m.name())).map(g -> g.response().at("/error/name").asText())).as(m.name()).containsAll(m.errors());
        });
    }

    @Test void each_error_that_any_method_may_answer_has_an_exchange_save_those_no_envelope_can_show() {
        var shown = refused().map(g -> g.response().at("/error/name").asText()).toList();
        assertThat(SPEC.errors().values().stream().filter(ErrorSpec::anyMethod).map(ErrorSpec::name).filter(e -> !shown.contains(e)))
            .containsExactlyInAnyOrder("xPermissionDenied", "xInvalidRequest", "xInternalError");
    }

    @Test void each_erratum_has_an_exchange_that_does_not_repeat_it() {
        var errata = SPEC.rules().values().stream().filter(r -> r.family().equals("ER")).map(RuleSpec::id).toList();
        assertThat(exchanges().flatMap(g -> g.rules().stream())).containsAll(errata);
    }

    @Test void names_tell_exchanges_apart() {
        assertThat(exchanges().map(GoldenExchange::name)).doesNotHaveDuplicates();
    }

    @ParameterizedTest @MethodSource("exchanges")
    void the_envelopes_agree_with_each_other(GoldenExchange golden) {
        JsonNode id = golden.request().has("id") ? golden.request().get("id") : JSON.nullNode();
        assertThat(golden.request().get("method").asText()).isEqualTo(golden.method());
        assertThat(golden.request().fieldNames()).toIterable().isSubsetOf("method", "params", "id");
        assertThat(golden.response().get("id")).isEqualTo(id);
        assertThat(golden.response().fieldNames()).toIterable().containsExactlyInAnyOrder(golden.isRefusal() ? "error" : "result", "id");
        assertThat(SPEC.versions()).contains(golden.version());
    }

    @ParameterizedTest @MethodSource("exchanges")
    void a_rule_shown_by_an_exchange_governs_its_method(GoldenExchange golden) {
        var method = SPEC.methods().get(golden.method());
        if (method == null) assertThat(golden.response().at("/error/name").asText()).isEqualTo("xUnknownAPIMethod");
        else assertThat(method.rules()).containsAll(golden.rules());
    }

    @ParameterizedTest @MethodSource("answered")
    void what_is_answered_was_validly_asked_and_is_of_the_methods_result_type(GoldenExchange golden) {
        var method = SPEC.method(golden.method(), golden.version()).orElseThrow();
        assertThat(Validation.check(method, params(golden), golden.version())).isInstanceOf(Validation.Valid.class);
        var result = Sample.response(golden).get("result");
        assertThat(TypeCheck.problems(method.result(), result)).isEmpty();
    }

    @ParameterizedTest @MethodSource("refused")
    void what_is_refused_is_refused_by_the_params_alone_or_by_an_error_of_the_method(GoldenExchange golden) {
        var error = golden.response().get("error");
        String name = error.get("name").asText();
        assertThat(error.get("code").asInt()).isEqualTo(ErrorSpec.CODE);
        var method = SPEC.method(golden.method(), golden.version());
        var said = method.map(m -> Validation.check(m, params(golden), golden.version()));
        if (said.orElse(null) instanceof Validation.Invalid invalid) {
            assertThat(invalid.errorName()).isEqualTo(name);
            assertThat(Placeholders.mismatches(error.get("message"), JSON.textNode(invalid.message()))).isEmpty();
        } else {
            assertThat(method.map(MethodSpec::errors).orElse(List.of("xUnknownAPIMethod"))).contains(name);
            assertThat(someMessageFits(SPEC.error(name), error.get("message"))).isTrue();
        }
    }

    @Test void every_state_given_is_used_and_every_value_asked_of_it_is_there() throws IOException {
        try (var file = Spec.class.getResourceAsStream("golden/given.json")) {
            assertThat(exchanges().map(g -> g.given().name()).distinct())
                .containsExactlyInAnyOrderElementsOf(new ObjectMapper().readTree(file)::fieldNames);
        }
        assertThat(exchanges()).allSatisfy(g ->
            assertThat(Placeholders.fill(g.response(), g.given().values()).toString()).doesNotContain("${given."));
    }

    private static JsonNode params(GoldenExchange golden) {
        return Placeholders.fill(golden.request(), golden.given().values()).path("params");
    }

    /** Whether the error's template, with what is looked for in its places, is a message that the exchange accepts. */
    private static boolean someMessageFits(ErrorSpec error, JsonNode expected) {
        String words = expected.asText().replaceAll("^\\$\\{string}$", "words").replaceAll("^\\$\\{containing |}$", "");
        return Placeholders.mismatches(expected, JSON.textNode(error.template().replaceAll("\\{\\w+}", words))).isEmpty();
    }
}
