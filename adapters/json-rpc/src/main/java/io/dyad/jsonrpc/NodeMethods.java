package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Activity;
import io.dyad.cluster.Cluster;
import io.dyad.jsonrpc.MethodTable.Method;
import io.dyad.spec.Spec;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;

/** What monitoring asks of nodes, drives and sessions: the one node there is, and true emptiness of the rest. */
final class NodeMethods {
    static final long NODE = 1;
    private static final String VERSION = Spec.load().currentVersion() + ".0.0";

    private final Cluster cluster;

    NodeMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "GetClusterMasterNodeID", call -> Json.object().put("nodeID", NODE),
            "ListActiveNodes", call -> activeNodes(),
            "ListAllNodes", call -> allNodes(),
            "ListPendingNodes", call -> empty("pendingNodes"),
            "ListDrives", call -> empty("drives"),
            "ListNodeStats", call -> nodeStats(),
            "ListISCSISessions", call -> empty("sessions"),
            "ListBulkVolumeJobs", call -> empty("bulkVolumeJobs"),
            "ListQoSPolicies", call -> empty("qosPolicies"));
    }

    private static ObjectNode empty(String list) {
        ObjectNode result = Json.object();
        result.putArray(list);
        return result;
    }

    private ObjectNode activeNodes() {
        ObjectNode result = Json.object();
        result.putArray("nodes").add(node());
        return result;
    }

    private ObjectNode allNodes() {
        ObjectNode result = activeNodes();
        result.putArray("pendingActiveNodes");
        result.putArray("pendingNodes");
        return result;
    }

    private ObjectNode node() {
        Cluster.Info about = cluster.info();
        String host = about.mvip().replaceFirst(":\\d+$", "");
        ObjectNode json = Json.object().put("nodeID", NODE).put("name", about.name()).put("uuid", about.uuid().toString()).put("softwareVersion", VERSION);
        json.put("mip", host).put("cip", host).put("sip", about.svip()).put("mipi", "").put("cipi", "").put("sipi", "");
        json.put("associatedFServiceID", 0).put("associatedMasterServiceID", 0).put("chassisName", "").put("customProtectionDomainName", "");
        json.put("maintenanceMode", "Disabled").put("role", "Storage").putNull("fibreChannelTargetPortGroup").putNull("nodeSlot");
        json.putObject("attributes");
        json.putArray("virtualNetworks");
        json.putObject("platformInfo").put("chassisType", "").put("cpuModel", System.getProperty("os.arch", "")).put("nodeType", "Dyad")
            .put("nodeMemoryGB", Runtime.getRuntime().maxMemory() >> 30).put("platformConfigVersion", "").put("containerized", false);
        return json;
    }

    private ObjectNode nodeStats() {
        Activity done = cluster.volumes().stream().filter(v -> v.deletedAt().isEmpty()).map(v -> cluster.stats(v.volume().id()).total()).reduce(Activity.NONE, Activity::plus);
        ObjectNode result = Json.object();
        ObjectNode json = result.putObject("nodeStats").putArray("nodes").addObject().put("nodeID", NODE).put("timestamp", StatsJson.now()).put("count", 1);
        for (String notCounted : new String[] {"cBytesIn", "cBytesOut", "mBytesIn", "mBytesOut", "sBytesIn", "sBytesOut", "networkUtilizationCluster", "networkUtilizationStorage"}) {
            json.put(notCounted, 0);
        }
        json.put("cpu", cpuPercent()).put("cpuTotal", Math.round(ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 10.0));
        json.put("usedMemory", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        json.put("readOps", done.readOps()).put("writeOps", done.writeOps()).put("readLatencyUSecTotal", done.readNanos() / 1000).put("writeLatencyUSecTotal", done.writeNanos() / 1000);
        ObjectNode histogram = json.putObject("ssLoadHistogram");
        for (String bucket : new String[] {"0", "1To19", "20To39", "40To59", "60To79", "80To100", "101Plus"}) histogram.put("Bucket" + bucket, 0);
        return result;
    }

    /** The load of the machine in hundredths of its processors; 0 where it is not known. */
    private static long cpuPercent() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return Math.clamp(Math.round(100 * system.getSystemLoadAverage() / system.getAvailableProcessors()), 0, 100);
    }
}
