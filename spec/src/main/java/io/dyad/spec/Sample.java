package io.dyad.spec;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A golden exchange as somebody might see it: its example values filled in, and for each matcher something it accepts. */
public final class Sample {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String CONTAINING = "${containing ";

    private Sample() { }

    public static JsonNode request(GoldenExchange golden) { return of(Placeholders.fill(golden.request(), golden.given().values())); }

    public static JsonNode response(GoldenExchange golden) { return of(Placeholders.fill(golden.response(), golden.given().values())); }

    private static JsonNode of(JsonNode template) {
        if (template instanceof ObjectNode object) {
            ObjectNode copy = JSON.objectNode();
            object.properties().forEach(e -> copy.set(e.getKey(), of(e.getValue())));
            return copy;
        }
        if (template instanceof ArrayNode array) {
            ArrayNode copy = JSON.arrayNode();
            array.forEach(each -> copy.add(of(each)));
            return copy;
        }
        String text = template.asText();
        if (!template.isTextual() || !text.startsWith("${")) return template;
        if (text.startsWith(CONTAINING)) return JSON.textNode(text.substring(CONTAINING.length(), text.length() - 1));
        return Matchers.ACCEPTED.getOrDefault(text, template);
    }

    /** Looked up late: the keys are part of the contract. */
    private static final class Matchers {
        static final Map<String, JsonNode> ACCEPTED = Map.ofEntries(
            entry("${int}", JSON.numberNode(7)), entry("${number}", JSON.numberNode(0.5)), entry("${boolean}", JSON.booleanNode(true)),
            entry("${string}", JSON.textNode("singleHelix")), entry("${array}", JSON.arrayNode()), entry("${secret}", JSON.textNode("abcdefghijkl")),
            entry("${uuid}", JSON.textNode("69624fcb-202e-4325-a569-ec9c655c7b5a")), entry("${time}", JSON.textNode("2021-03-09T04:40:43Z")),
            entry("${delay}", JSON.textNode("00:00:00.000000")), entry("${uniqueID}", JSON.textNode("bgn0")),
            entry("${clusterPairingKey}", key("cluster")), entry("${volumePairingKey}", key("volume")));

        private static JsonNode key(String kind) {
            return JSON.textNode(Spec.load().keys().stream().filter(k -> k.kind().equals(kind)).findFirst().orElseThrow().hex());
        }
    }
}
