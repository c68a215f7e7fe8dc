package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.domain.Mode;
import io.dyad.jsonrpc.MethodTable.Method;
import java.util.Map;
import java.util.Optional;

/** The methods that pair volumes. */
final class VolumePairMethods {
    private final Cluster cluster;

    VolumePairMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "StartVolumePairing", this::start,
            "CompleteVolumePairing", this::complete,
            "ModifyVolumePair", this::modify,
            "RemoveVolumePair", this::remove);
    }

    private ObjectNode start(Call call) {
        String key = cluster.startVolumePairing(call.volumeId(), mode(call).orElse(Mode.ASYNC), call.cause());
        return Json.object().put("volumePairingKey", key);
    }

    private ObjectNode complete(Call call) {
        cluster.completeVolumePairing(call.volumeId(), call.text("volumePairingKey"), call.cause());
        return Json.object();
    }

    private ObjectNode modify(Call call) {
        cluster.modifyVolumePair(call.volumeId(), call.flag("pausedManual"), mode(call), call.cause());
        return Json.object();
    }

    private ObjectNode remove(Call call) {
        cluster.removeVolumePair(call.volumeId(), call.cause());
        return Json.object();
    }

    /** Empty where an endpoint is older than the param. */
    private static Optional<Mode> mode(Call call) {
        return call.param("mode").map(JsonNode::textValue).map(wire -> Mode.ofWire(wire).orElseThrow());
    }
}
