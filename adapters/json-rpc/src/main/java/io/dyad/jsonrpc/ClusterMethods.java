package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.domain.Volume.Qos;
import io.dyad.jsonrpc.MethodTable.Method;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeSpec;
import java.util.Map;

/** What a cluster says of itself and of its API. It is one node, number 1, and keeps one copy of each block. */
final class ClusterMethods {
    static final String PROTECTION_SCHEME = "singleHelix";
    private static final long NODE = 1;
    private static final Spec SPEC = Spec.load();

    private final Cluster cluster;

    ClusterMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "GetAPI", call -> api(),
            "GetClusterInfo", call -> info(),
            "GetClusterVersionInfo", call -> versionInfo(),
            "GetLimits", call -> limits(),
            "GetDefaultQoS", call -> VolumeJson.qos(Qos.DEFAULT),
            "GetFeatureStatus", ClusterMethods::features);
    }

    private static ObjectNode api() {
        ObjectNode result = Json.object().put("currentVersion", SPEC.currentVersion().toString());
        var supported = result.putArray("supportedVersions");
        for (var version : SPEC.versions()) {
            supported.add(version.toString());
            var names = result.putArray(version.toString());
            SPEC.methodsAt(version).stream().map(MethodSpec::name).forEach(names::add);
        }
        return result;
    }

    private ObjectNode info() {
        Cluster.Info about = cluster.info();
        ObjectNode result = Json.object();
        ObjectNode info = result.putObject("clusterInfo");
        info.putObject("attributes");
        info.put("defaultProtectionScheme", PROTECTION_SCHEME).putArray("enabledProtectionSchemes").add(PROTECTION_SCHEME);
        info.put("encryptionAtRestState", "disabled").put("softwareEncryptionAtRestState", "disabled");
        info.putArray("ensemble").add(about.mvip());
        info.put("mvip", about.mvip()).put("mvipNodeID", NODE).putNull("mvipVlanTag");
        info.put("svip", about.svip()).put("svipNodeID", NODE).putNull("svipVlanTag");
        info.put("name", about.name()).put("uniqueID", about.uniqueId()).put("uuid", about.uuid().toString()).put("repCount", 1);
        info.putArray("supportedProtectionSchemes").add(PROTECTION_SCHEME);
        return result;
    }

    private static ObjectNode versionInfo() {
        String version = SPEC.currentVersion() + ".0.0";
        ObjectNode result = Json.object().put("clusterAPIVersion", SPEC.currentVersion().toString()).put("clusterVersion", version);
        result.putArray("clusterVersionInfo").addObject()
            .put("nodeID", NODE).put("nodeInternalRevision", version).put("nodeVersion", version);
        result.putObject("softwareVersionInfo")
            .put("currentVersion", version).put("nodeID", NODE).put("packageName", "").put("pendingVersion", version).put("startTime", "");
        return result;
    }

    /** None of the vendor's optional features is here to be enabled. */
    private static ObjectNode features(Call call) {
        ObjectNode result = Json.object();
        var features = result.putArray("features");
        ((TypeSpec.Words) SPEC.type("FeatureName")).values().stream().filter(f -> call.param("feature").map(JsonNode::textValue).map(f::equals).orElse(true))
            .forEach(f -> features.addObject().put("feature", f).put("enabled", false));
        return result;
    }

    private static ObjectNode limits() {
        ObjectNode result = Json.object();
        SPEC.limits().values().forEach(limit -> result.put(limit.name(), limit.value()));
        return result;
    }
}
