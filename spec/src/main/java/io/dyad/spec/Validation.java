package io.dyad.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.TypeSpec.Kind;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of a request's params: lenient in form, strict in type.
 * Numbers and booleans may come as strings, enum words in another case where the type says so, unknown members at will;
 * a param newer than the endpoint is unknown to it. Messages repeat no secret, and of a text only its beginning.
 */
public sealed interface Validation {

    /** Params fit to be acted upon: every value of its type's own kind and spelling, defaults filled in. */
    record Valid(ObjectNode params) implements Validation {}

    /** The first thing wrong, as a wire error. */
    record Invalid(String errorName, String message) implements Validation {}

    /** {@code params} may be missing or null, which is the same as empty. */
    static Validation check(MethodSpec method, JsonNode params, Version endpoint) {
        if (!params.isMissingNode() && !params.isNull() && !params.isObject()) {
            return Reading.wrongType("params", Kind.OBJECT, false, params).refusal();
        }
        ObjectNode valid = JsonNodeFactory.instance.objectNode();
        for (ParamSpec param : method.params()) {
            Optional<JsonNode> meant = meant(param, params, endpoint);
            if (meant.isEmpty() && param.required()) {
                return Reading.bad("xMissingParameter", Map.of("param", param.name())).refusal();
            }
            switch (meant.map(value -> Reading.of(param.name(), param.type(), value)).orElse(Reading.NOTHING)) {
                case Reading.Good good -> meant.ifPresent(value -> valid.set(param.name(), good.value()));
                case Reading.Bad bad -> { return bad.refusal(); }
            }
        }
        return new Valid(valid);
    }

    private static Optional<JsonNode> meant(ParamSpec param, JsonNode params, Version endpoint) {
        JsonNode said = params.path(param.name());
        if (said.isMissingNode() || !endpoint.isAtLeast(param.since())) return param.unsaid().whenAbsent();
        if (param.unsaid().blankIsAbsent() && Reading.blank(said)) return param.unsaid().whenAbsent();
        return said.isNull() ? param.unsaid().whenNull().or(param.unsaid()::whenAbsent) : Optional.of(said);
    }
}
