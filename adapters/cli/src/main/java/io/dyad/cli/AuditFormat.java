package io.dyad.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.State;
import io.dyad.eventstore.PlainJson;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** How the audit writes one event and the state it led to. */
enum AuditFormat {
    /**
     * For people: a line for the event, an indented one for the state. Words that hold more than letters, digits and a little
     * punctuation are quoted as in JSON, so no name can forge a line or steer a terminal.
     */
    TEXT {
        @Override String written(Recorded r, State after) {
            return String.join(" ", Long.toString(r.position()), r.at().toString(), bare(r.cause().who()), bare(r.cause().call()), bare(r.aggregate()) + "#" + r.sequence(),
                PlainJson.name(r.event()), members(PlainJson.of(r.event()))).stripTrailing() + "\n"
                + ("    after: " + PlainJson.name(after) + " " + members(PlainJson.of(after))).stripTrailing() + "\n";
        }
    },

    /** For scripts: one JSON object a line. */
    NDJSON {
        @Override String written(Recorded r, State after) {
            var line = JsonNodeFactory.instance.objectNode();
            line.put("position", r.position()).put("time", r.at().toString()).put("who", r.cause().who()).put("call", r.cause().call());
            line.put("aggregate", r.aggregate()).put("sequence", r.sequence());
            line.putObject("event").put("name", PlainJson.name(r.event())).set("data", PlainJson.of(r.event()));
            line.putObject("state").put("name", PlainJson.name(after)).set("data", PlainJson.of(after));
            return line + "\n";
        }
    };

    private static final Pattern BARE = Pattern.compile("[\\w./:@+-]+");

    abstract String written(Recorded recorded, State after);

    String word() { return name().toLowerCase(Locale.ROOT); }

    static Optional<AuditFormat> of(String word) { return Arrays.stream(values()).filter(f -> f.word().equals(word)).findFirst(); }

    static String bare(String text) { return BARE.matcher(text).matches() ? text : TextNode.valueOf(text).toString(); }

    static String members(JsonNode object) {
        var text = new StringJoiner(" ");
        object.properties().forEach(member -> text.add(bare(member.getKey()) + "=" + value(member.getValue())));
        return text.toString();
    }

    private static String value(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "{" + members(node) + "}";
            case ARRAY  -> {
                var text = new StringJoiner(" ", "[", "]");
                node.forEach(member -> text.add(value(member)));
                yield text.toString();
            }
            case STRING -> bare(node.textValue());
            case BINARY, BOOLEAN, MISSING, NULL, NUMBER, POJO -> node.toString();
        };
    }
}
