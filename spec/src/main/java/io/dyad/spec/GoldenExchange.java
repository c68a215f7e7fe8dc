package io.dyad.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * A request and the answer it must get, both as whole envelopes.
 * {@code ${given.X}} stands for a value of {@link Given}, any other {@code ${X}} for whatever {@link Placeholders} accepts.
 */
public record GoldenExchange(String name, String method, Version version, Given given, ObjectNode request,
                             ObjectNode response, List<String> rules, String notes) {

    /** What holds before the request, on the cluster that gets it (here) and its partner (there). The values are examples. */
    public record Given(String name, String doc, Map<String, JsonNode> values) {
        public Given { values = Map.copyOf(values); }
    }

    public GoldenExchange {
        rules = List.copyOf(rules);
    }

    @Override public ObjectNode request() { return request.deepCopy(); }

    @Override public ObjectNode response() { return response.deepCopy(); }

    public boolean isRefusal() { return response.has("error"); }
}
