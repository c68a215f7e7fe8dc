package io.dyad.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The placeholders of golden exchanges. {@code ${given.X}} is filled in before the exchange is played; the others match:
 * {@code int}, {@code number}, {@code boolean}, {@code string}, {@code array}, {@code uuid}, {@code time}, {@code delay}, {@code uniqueID},
 * {@code secret}, {@code clusterPairingKey}, {@code volumePairingKey} and {@code containing TEXT}. Objects match member by member, in any order, none too many.
 */
public final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(given\\.)?(.+)}");
    private static final Pattern UNIQUE_ID = Pattern.compile("[a-z0-9]{4}");
    private static final String CONTAINING = "containing ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Placeholders() {}

    /** The template with every {@code ${given.X}} replaced; an X without a value is a mistake of the caller's. */
    public static JsonNode fill(JsonNode template, Map<String, JsonNode> given) {
        if (template instanceof ObjectNode object) {
            ObjectNode filled = JSON.createObjectNode();
            object.properties().forEach(e -> filled.set(e.getKey(), fill(e.getValue(), given)));
            return filled;
        }
        if (template instanceof ArrayNode array) {
            ArrayNode filled = JSON.createArrayNode();
            array.forEach(e -> filled.add(fill(e, given)));
            return filled;
        }
        Matcher place = PLACEHOLDER.matcher(template.asText());
        if (!template.isTextual() || !place.matches() || place.group(1) == null) return template;
        JsonNode value = given.get(place.group(2));
        if (value == null) throw new IllegalArgumentException("nothing is given for " + template);
        return value;
    }

    /** How an answer differs from a filled template; empty when it matches. */
    public static List<String> mismatches(JsonNode template, JsonNode actual) {
        List<String> found = new ArrayList<>();
        compare("", template, actual, found);
        return List.copyOf(found);
    }

    private static void compare(String path, JsonNode template, JsonNode actual, List<String> found) {
        if (template.isObject() && actual.isObject()) {
            var names = new TreeSet<String>();
            template.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            names.forEach(n -> compare(path + "/" + n, template.path(n), actual.path(n), found));
        } else if (template.isArray() && actual.isArray() && template.size() == actual.size()) {
            for (int i = 0; i < template.size(); i++) compare(path + "/" + i, template.get(i), actual.get(i), found);
        } else if (!matches(template, actual)) {
            found.add(path + ": expected " + shown(template) + " but found " + shown(actual));
        }
    }

    private static String shown(JsonNode node) { return node.isMissingNode() ? "nothing" : node.toString(); }

    private static boolean matches(JsonNode template, JsonNode actual) {
        Matcher place = PLACEHOLDER.matcher(template.asText());
        if (!template.isTextual() || !place.matches()) return template.equals(sameWidth(template, actual));
        return accepts(place.group(2), actual);
    }

    /** 5 is 5 whether it was read as an int or a long. */
    private static JsonNode sameWidth(JsonNode template, JsonNode actual) {
        boolean equal = template.isIntegralNumber() && actual.isIntegralNumber()
            && template.bigIntegerValue().equals(actual.bigIntegerValue());
        return equal ? template : actual;
    }

    private static boolean accepts(String matcher, JsonNode actual) {
        if (matcher.startsWith(CONTAINING)) {
            return actual.isTextual() && actual.textValue().contains(matcher.substring(CONTAINING.length()));
        }
        return switch (matcher) {
            case "int"               -> actual.isIntegralNumber();
            case "number"            -> actual.isNumber();
            case "boolean"           -> actual.isBoolean();
            case "array"             -> actual.isArray();
            case "string"            -> actual.isTextual();
            case "uuid"              -> TypeCheck.problems("uuid", actual).isEmpty();
            case "time"              -> TypeCheck.problems("UtcTime", actual).isEmpty();
            case "delay"             -> TypeCheck.problems("Delay", actual).isEmpty();
            case "secret"            -> TypeCheck.problems("CHAPSecret", actual).isEmpty();
            case "uniqueID"          -> actual.isTextual() && UNIQUE_ID.matcher(actual.textValue()).matches();
            case "clusterPairingKey" -> isKey("cluster", actual);
            case "volumePairingKey"  -> isKey("volume", actual);
            default -> throw new IllegalArgumentException("no placeholder: " + matcher);
        };
    }

    /** A key is lower-case hex of an object with at least the members of the vector of its kind, in alphabetical order. */
    private static boolean isKey(String kind, JsonNode actual) {
        if (!actual.isTextual() || !actual.textValue().matches("([0-9a-f]{2})+")) return false;
        String vector = Spec.load().keys().stream().filter(k -> k.kind().equals(kind)).findFirst().orElseThrow().json();
        List<String> names = memberNames(new String(HexFormat.of().parseHex(actual.textValue()), StandardCharsets.UTF_8));
        return names.containsAll(memberNames(vector)) && names.equals(names.stream().sorted().toList());
    }

    /** The members of a JSON object as they stand; none, if the text is no JSON. */
    private static List<String> memberNames(String text) {
        try {
            return JSON.readTree(text).properties().stream().map(Map.Entry::getKey).toList();
        } catch (JsonProcessingException notJson) {
            return List.of();
        }
    }
}
