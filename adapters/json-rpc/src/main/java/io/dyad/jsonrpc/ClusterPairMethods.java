package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.Refusal;
import io.dyad.jsonrpc.MethodTable.Method;
import java.util.Map;

/** The methods that pair clusters. */
final class ClusterPairMethods {
    private final Cluster cluster;

    ClusterPairMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "StartClusterPairing", this::start,
            "CompleteClusterPairing", this::complete,
            "ListClusterPairs", call -> list(),
            "RemoveClusterPair", this::remove);
    }

    private ObjectNode start(Call call) {
        Cluster.StartedPairing started = cluster.startClusterPairing(call.cause());
        return Json.object().put("clusterPairID", started.id().value()).put("clusterPairingKey", started.clusterPairingKey());
    }

    private ObjectNode complete(Call call) {
        return Json.object().put("clusterPairID", cluster.completeClusterPairing(call.text("clusterPairingKey"), call.cause()).value());
    }

    private ObjectNode list() {
        ObjectNode result = Json.object();
        var pairs = result.putArray("clusterPairs");
        cluster.clusterPairs().forEach(pair -> pairs.addObject()
            .put("clusterName", pair.name()).put("clusterPairID", pair.id().value()).put("clusterPairUUID", pair.uuid().toString())
            .put("clusterUUID", pair.uniqueId()).put("latency", pair.latencyMillis()).put("mvip", pair.mvip())
            .put("status", pair.status()).put("version", pair.version()));
        return result;
    }

    private ObjectNode remove(Call call) {
        long id = call.integer("clusterPairID");
        if (id < 1) throw ApiException.of(Refusal.PAIRING_DOES_NOT_EXIST, "cluster pair " + id);
        cluster.removeClusterPair(new ClusterPairId(id), call.cause());
        return Json.object();
    }
}
