package io.dyad.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dyad.spec.TypeSpec.Bounds;
import io.dyad.spec.TypeSpec.Kind;
import io.dyad.spec.TypeSpec.ListOf;
import io.dyad.spec.TypeSpec.MapOf;
import io.dyad.spec.TypeSpec.Members;
import io.dyad.spec.TypeSpec.Scalar;
import io.dyad.spec.TypeSpec.Words;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One value of a request, read as its type: the value in canonical form, or what is wrong with it. */
sealed interface Reading {
    record Good(JsonNode value) implements Reading {}

    record Bad(Validation.Invalid refusal) implements Reading {}

    Reading NOTHING = new Good(MissingNode.getInstance());
    Pattern WHOLE = Pattern.compile("[+-]?\\d{1,19}");
    Pattern DECIMAL = Pattern.compile("[+-]?\\d{1,19}(\\.\\d{1,19})?");
    int SHOWN_CHARS = 32;

    /** {@code path} is how a message names the value, as in {@code qos.minIOPS}. */
    static Reading of(String path, TypeSpec type, JsonNode said) {
        boolean secret = type instanceof Scalar s && s.secret();
        Optional<JsonNode> value = ofKind(type.kind(), said);
        if (value.isEmpty()) return wrongType(path, type.kind(), secret, said);
        return switch (type) {
            case Scalar s  -> within(path, s, value.get());
            case Words w   -> w.canonical(said.textValue()).<Reading>map(v -> new Good(TextNode.valueOf(v))).orElseGet(() ->
                bad("xUnrecognizedEnumString", Map.of("param", path, "found", shown(said), "expected", String.join(", ", w.values()))));
            case ListOf l  -> list(path, l, value.get());
            case MapOf m   -> map(path, m, value.get());
            case Members m -> members(path, m, value.get());
        };
    }

    static Bad bad(String error, Map<String, ?> values) {
        return new Bad(new Validation.Invalid(error, Spec.load().error(error).message(values)));
    }

    static Bad wrongType(String path, Kind expected, boolean secret, JsonNode found) {
        return bad("xInvalidParameterType", Map.of("param", path, "expected", expected.word(),
            "found", secret ? kindOf(found) : shown(found)));
    }

    private static Optional<JsonNode> ofKind(Kind kind, JsonNode said) {
        String text = said.isTextual() ? said.textValue() : "";
        return switch (kind) {
            case INTEGER -> WHOLE.matcher(text).matches() ? whole(new BigDecimal(text))
                : said.isNumber() ? whole(said.decimalValue()) : Optional.empty();
            case NUMBER  -> DECIMAL.matcher(text).matches() ? Optional.of(DecimalNode.valueOf(new BigDecimal(text)))
                : Optional.of(said).filter(JsonNode::isNumber);
            case BOOLEAN -> switch (text.toLowerCase(Locale.ROOT)) {
                case "true"  -> Optional.of(BooleanNode.TRUE);
                case "false" -> Optional.of(BooleanNode.FALSE);
                default      -> Optional.of(said).filter(JsonNode::isBoolean);
            };
            case STRING, OBJECT, ARRAY -> Optional.of(said).filter(v -> TypeCheck.isKind(kind, v));
        };
    }

    /** A number without a fraction that fits 64 bits: 5.0 is one, 1e30 is none. */
    private static Optional<JsonNode> whole(BigDecimal number) {
        try {
            return Optional.of(LongNode.valueOf(number.longValueExact()));
        } catch (ArithmeticException fractionOrTooLarge) {
            return Optional.empty();
        }
    }

    private static Reading within(String path, Scalar type, JsonNode value) {
        if (TypeCheck.holds(type, value)) return new Good(value.deepCopy());
        Bounds bounds = type.bounds();
        long measure = TypeCheck.measure(value);
        String problem = bounds.hold(measure) ? "is not of the form " + type.name()
            : (value.isTextual() ? "length" : "value") + " must be " + bounds + ", not " + measure;
        return bad("xInvalidParameter", Map.of("problem", path + ": " + problem));
    }

    private static Reading list(String path, ListOf type, JsonNode value) {
        ArrayNode read = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < value.size(); i++) {
            switch (of(path + "[" + i + "]", type.element(), value.get(i))) {
                case Good good -> read.add(good.value());
                case Bad bad   -> { return bad; }
            }
        }
        return new Good(read);
    }

    private static Reading map(String path, MapOf type, JsonNode value) {
        ObjectNode read = JsonNodeFactory.instance.objectNode();
        for (var entry : value.properties()) {
            switch (of(path + "." + entry.getKey(), type.value(), entry.getValue())) {
                case Good good -> read.set(entry.getKey(), good.value());
                case Bad bad   -> { return bad; }
            }
        }
        return new Good(read);
    }

    private static Reading members(String path, Members type, JsonNode value) {
        ObjectNode read = JsonNodeFactory.instance.objectNode();
        for (FieldSpec field : type.fields()) {
            JsonNode said = value.path(field.name());
            String name = path + "." + field.name();
            if (said.isMissingNode() || said.isNull() || field.blankIsAbsent() && blank(said)) {
                if (!field.optional()) return bad("xMissingParameter", Map.of("param", name));
                continue;
            }
            switch (of(name, field.type(), said)) {
                case Good good -> read.set(field.name(), good.value());
                case Bad bad   -> { return bad; }
            }
        }
        return new Good(read);
    }

    /** What clients in Go send of a structure for what nobody set. */
    static boolean blank(JsonNode said) {
        return said.isTextual() ? said.textValue().isEmpty() : said.isNumber() && said.decimalValue().signum() == 0;
    }

    private static String kindOf(JsonNode value) { return value.getNodeType().name().toLowerCase(Locale.ROOT); }

    /** Containers by kind only, texts by their beginning: a value in the wrong place may be somebody's secret. */
    private static String shown(JsonNode value) {
        if (value.isContainerNode()) return kindOf(value);
        if (!value.isTextual() || value.textValue().length() <= SHOWN_CHARS) return value.toString();
        return TextNode.valueOf(value.textValue().substring(0, SHOWN_CHARS)) + "…";
    }
}
