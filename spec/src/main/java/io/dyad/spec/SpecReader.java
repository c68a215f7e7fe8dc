package io.dyad.spec;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.GoldenExchange.Given;
import io.dyad.spec.ParamSpec.Unsaid;
import io.dyad.spec.TypeSpec.Bounds;
import io.dyad.spec.TypeSpec.Kind;
import io.dyad.spec.TypeSpec.ListOf;
import io.dyad.spec.TypeSpec.MapOf;
import io.dyad.spec.TypeSpec.Members;
import io.dyad.spec.TypeSpec.Scalar;
import io.dyad.spec.TypeSpec.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The reader of the contract's files. A name that stands for nothing is refused at once. */
final class SpecReader {
    private static final Version FIRST = new Version(1, 0);
    private static final String MAP = "map<string,";
    private final ObjectMapper json = new ObjectMapper();

    Spec read() {
        Map<String, LimitSpec> limits = byName(file("limits.json"), SpecReader::limit);
        Map<String, TypeSpec> types = types(file("types.json"), limits);
        Map<String, MethodSpec> methods = methods(types);
        return new Spec(methods, types, byName(file("errors.json"), SpecReader::error), limits,
            versions(file("versions.json")), byName(file("rules.json"), (id, r) -> new RuleSpec(id, r.asText())),
            golden(methods.keySet()), each(file("keys.json"), k -> new KeyVector(text(k, "kind"), text(k, "json"), text(k, "hex"))));
    }

    /** One file a family, in the order in which families.json has their titles. */
    private Map<String, MethodSpec> methods(Map<String, TypeSpec> types) {
        Map<String, MethodSpec> all = new LinkedHashMap<>();
        file("methods/families.json").properties().forEach(family -> file("methods/" + family.getKey() + ".json").properties().forEach(m -> {
            MethodSpec method = method(m.getKey(), family.getValue().asText(), m.getValue(), types);
            if (all.put(m.getKey(), method) != null) throw new IllegalArgumentException(m.getKey() + " is written down twice");
        }));
        return Collections.unmodifiableMap(all);
    }

    static TypeSpec type(String written, Map<String, TypeSpec> types) {
        if (written.endsWith("[]")) return new ListOf(type(written.substring(0, written.length() - 2), types));
        if (written.startsWith(MAP)) return new MapOf(type(written.substring(MAP.length(), written.length() - 1), types));
        TypeSpec named = types.get(written);
        if (named == null) throw new IllegalArgumentException("the contract has no type " + written);
        return named;
    }

    private static Map<String, TypeSpec> types(JsonNode file, Map<String, LimitSpec> limits) {
        Map<String, TypeSpec> types = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            if (kind != Kind.ARRAY) types.put(kind.word(), new Scalar(kind.word(), "", kind, Bounds.NONE, Optional.empty(), false));
        }
        file.fieldNames().forEachRemaining(name -> define(name, file, types, limits));
        return Collections.unmodifiableMap(types);
    }

    /** Defines a type after those it is made of. */
    private static void define(String name, JsonNode file, Map<String, TypeSpec> types, Map<String, LimitSpec> limits) {
        if (types.containsKey(name)) return;
        JsonNode t = file.get(name);
        for (JsonNode field : t.path("fields")) {
            String part = text(field, "type").replace(MAP, "").replaceAll("[\\[\\]>]", "");
            if (file.has(part)) define(part, file, types, limits);
        }
        String doc = text(t, "doc");
        types.put(name, t.has("fields") ? new Members(name, doc, fields(t.get("fields"), types), Optional.empty())
            : t.has("enum") ? new Words(name, doc, texts(t, "enum"), t.path("ignoreCase").asBoolean())
            : new Scalar(name, doc, Kind.valueOf(text(t, "kind").toUpperCase(Locale.ROOT)),
                new Bounds(bound(t, "min", limits), bound(t, "max", limits)),
                optional(t, "pattern").map(p -> Pattern.compile(p.asText())), t.path("secret").asBoolean()));
    }

    /** A bound is a number or the name of a limit. */
    private static OptionalLong bound(JsonNode type, String end, Map<String, LimitSpec> limits) {
        JsonNode bound = type.path(end);
        if (bound.isMissingNode()) return OptionalLong.empty();
        if (bound.isIntegralNumber()) return OptionalLong.of(bound.longValue());
        return OptionalLong.of(requireNonNull(limits.get(bound.asText()), bound::asText).value());
    }

    private static List<FieldSpec> fields(JsonNode fields, Map<String, TypeSpec> types) {
        return each(fields, f -> new FieldSpec(text(f, "name"), type(text(f, "type"), types), f.path("optional").asBoolean(), f.path("nullable").asBoolean(),
            f.path("blankIsAbsent").asBoolean()));
    }

    private static MethodSpec method(String name, String family, JsonNode m, Map<String, TypeSpec> types) {
        var about = new MethodSpec.About(family, text(m, "doc"), optional(m, "minimum").map(JsonNode::asText));
        return new MethodSpec(name, about, Version.of(text(m, "since")), new LinkedHashSet<>(texts(m, "access")),
            each(m.get("params"), p -> param(p, types)),
            new Members(name + "Result", "", fields(m.get("result"), types), optional(m, "furtherMembers").map(t -> type(t.asText(), types))),
            texts(m, "errors"), texts(m, "rules"));
    }

    private static ParamSpec param(JsonNode p, Map<String, TypeSpec> types) {
        return new ParamSpec(text(p, "name"), type(text(p, "type"), types), p.path("required").asBoolean(),
            optional(p, "since").map(v -> Version.of(v.asText())).orElse(FIRST),
            new Unsaid(optional(p, "default"), optional(p, "whenNull"), p.path("blankIsAbsent").asBoolean()), text(p, "doc"));
    }

    private static ErrorSpec error(String name, JsonNode e) {
        return new ErrorSpec(name, text(e, "message"), text(e, "when"), e.path("anyMethod").asBoolean(), e.path("ours").asBoolean(), e.path("inAnswer").asBoolean());
    }

    private static LimitSpec limit(String name, JsonNode l) {
        return new LimitSpec(name, l.get("value").longValue(), optional(l, "rule").map(JsonNode::asText));
    }

    private static NavigableSet<Version> versions(JsonNode file) {
        return Collections.unmodifiableNavigableSet(new TreeSet<>(each(file, v -> Version.of(v.asText()))));
    }

    /** One file a method that has exchanges, and one for the errata. */
    private List<GoldenExchange> golden(Iterable<String> methods) {
        Map<String, Given> givens = byName(file("golden/given.json"), SpecReader::given);
        List<GoldenExchange> all = new ArrayList<>(each(file("golden/errata.json"), g -> exchange(g, givens)));
        for (String method : methods) {
            String path = "golden/" + method + ".json";
            if (SpecReader.class.getResource(path) != null) all.addAll(each(file(path), g -> exchange(g, givens)));
        }
        return List.copyOf(all);
    }

    private static Given given(String name, JsonNode g) {
        return new Given(name, text(g, "doc"), byName(g.get("values"), (n, value) -> value));
    }

    private static GoldenExchange exchange(JsonNode g, Map<String, Given> givens) {
        return new GoldenExchange(text(g, "name"), text(g, "method"), Version.of(text(g, "version")),
            requireNonNull(givens.get(text(g, "given")), () -> text(g, "given")), (ObjectNode) g.get("request"),
            (ObjectNode) g.get("response"), texts(g, "rules"), g.path("notes").asText());
    }

    private JsonNode file(String path) {
        try (var in = SpecReader.class.getResourceAsStream(path)) {
            return json.readTree(requireNonNull(in, () -> "the contract lacks " + path));
        } catch (IOException e) {
            throw new UncheckedIOException("the contract's " + path + " is damaged", e);
        }
    }

    private static <T> Map<String, T> byName(JsonNode object, BiFunction<String, JsonNode, T> read) {
        Map<String, T> all = new LinkedHashMap<>();
        object.properties().forEach(e -> all.put(e.getKey(), read.apply(e.getKey(), e.getValue())));
        return Collections.unmodifiableMap(all);
    }

    private static <T> List<T> each(JsonNode array, Function<JsonNode, T> read) {
        List<T> all = new ArrayList<>();
        array.forEach(node -> all.add(read.apply(node)));
        return List.copyOf(all);
    }

    private static String text(JsonNode object, String member) {
        return requireNonNull(object.get(member), () -> member + " is missing in " + object).asText();
    }

    private static List<String> texts(JsonNode object, String member) { return each(object.path(member), JsonNode::asText); }

    private static Optional<JsonNode> optional(JsonNode object, String member) { return Optional.ofNullable(object.get(member)); }
}
