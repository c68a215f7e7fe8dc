package io.dyad.testkit.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeCheck;
import io.dyad.testkit.model.Call;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Everything a cluster shows of its pairs, volumes and accounts at one time, of the right types. */
record Listing(JsonNode clusterPairs, JsonNode volumes, JsonNode accounts) {
    /** Members that change without a call on this cluster, or by themselves. */
    private static final List<String> VOLATILE = List.of("latency", "version", "remoteReplication", "lastAccessTime", "lastAccessTimeIO");
    private static final List<String> BORN_WITH = List.of("createTime", "volumeUUID", "volumeConsistencyGroupUUID", "iqn", "scsiEUIDeviceID",
        "scsiNAADeviceID", "name", "blockSize", "enable512e");

    static Listing of(ElementEndpoint endpoint) {
        return new Listing(ask(endpoint, "ListClusterPairs").path("clusterPairs"), ask(endpoint, "ListVolumes").path("volumes"),
            ask(endpoint, "ListAccounts").path("accounts"));
    }

    /** The result of a method that needs no params and may not refuse. */
    static JsonNode ask(ElementEndpoint endpoint, String method) {
        try {
            JsonNode result = endpoint.call(method, Call.none());
            List<String> problems = TypeCheck.problems(Spec.load().method(method).result(), result);
            if (!problems.isEmpty()) throw new AssertionError(method + " answers " + String.join("; ", problems));
            return result;
        } catch (ApiError e) {
            throw new AssertionError(method + " is refused with " + e.name(), e);
        }
    }

    /** The parts that a refused call leaves as they are. */
    String steady() {
        return steady(clusterPairs, Optional.of("status")) + "\n" + steady(volumes, Optional.empty()) + "\n" + accounts;
    }

    private static JsonNode steady(JsonNode list, Optional<String> further) {
        JsonNode copy = list.deepCopy();
        copy.forEach(e -> {
            ((ObjectNode) e).remove(VOLATILE);
            further.ifPresent(name -> ((ObjectNode) e).remove(name));
            e.path("volumePairs").forEach(p -> {
                String mode = p.path("remoteReplication").path("mode").asText();
                ((ObjectNode) p).remove(VOLATILE);
                ((ObjectNode) p).put("mode", mode);
            });
        });
        return copy;
    }

    /** What a volume has for life. */
    static ObjectNode bornWith(JsonNode volume) {
        ObjectNode kept = new ObjectMapper().createObjectNode();
        BORN_WITH.forEach(name -> kept.set(name, volume.path(name)));
        return kept;
    }

    static Stream<JsonNode> each(JsonNode list) { return StreamSupport.stream(list.spliterator(), false); }
}
