package io.dyad.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** One call of the API with what the rules say about it. */
public interface Call {
    String method();

    ObjectNode params();

    /** What it may answer in this world. */
    Expectation expect(World world, Side on);

    /** Turns the world into that after the call; answers what is wrong with the result. */
    List<String> succeeded(World world, Side on, JsonNode result);

    /** An empty object to be filled with params. */
    static ObjectNode none() { return JsonNodeFactory.instance.objectNode(); }

    /** The params in a report: without keys. */
    default String shown() {
        ObjectNode shown = params().deepCopy();
        shown.properties().forEach(e -> {
            if (e.getKey().endsWith("PairingKey")) e.setValue(shown.textNode("…"));
        });
        return method() + " " + shown;
    }
}
