package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Capacity;
import io.dyad.cluster.VolumeStats;

/** Capacity as the wire shows it (Element 12.x API, ClusterCapacity and GetClusterFullThreshold). Metadata lie on the same disk and are not counted apart. */
final class CapacityJson {
    private static final long BLOCK_BYTES = 4096;
    private static final int OVER_PROVISION_FACTOR = 5;

    private CapacityJson() { }

    static ObjectNode of(Capacity capacity, VolumeStats all) {
        long holds = Math.ceilDiv(capacity.allocated(), BLOCK_BYTES);
        long iops = StatsJson.aSecond(all.lastSample().ops(), all.samplePeriod());
        long room = capacity.allocated() + capacity.free();
        ObjectNode json = Json.object().put("timestamp", StatsJson.now()).put("activeBlockSpace", capacity.allocated()).put("usedSpace", capacity.allocated());
        json.put("maxUsedSpace", room).put("maxProvisionedSpace", OVER_PROVISION_FACTOR * room).put("maxOverProvisionableSpace", OVER_PROVISION_FACTOR * room);
        json.put("provisionedSpace", capacity.provisioned()).put("nonZeroBlocks", holds).put("zeroBlocks", capacity.provisioned() / BLOCK_BYTES - holds);
        json.put("uniqueBlocks", holds).put("uniqueBlocksUsedSpace", capacity.allocated()).put("snapshotNonZeroBlocks", Math.ceilDiv(capacity.snapshots(), BLOCK_BYTES));
        json.put("maxUsedMetadataSpace", room).put("usedMetadataSpace", 0).put("usedMetadataSpaceInSnapshots", 0);
        json.put("activeSessions", 0).put("peakActiveSessions", 0).put("currentIOPS", iops).put("averageIOPS", iops).put("peakIOPS", iops).put("maxIOPS", 0);
        json.put("totalOps", all.total().ops()).put("clusterRecentIOSize", all.lastSample().ops() == 0 ? 0 : all.lastSample().bytes() / all.lastSample().ops());
        return json;
    }

    /** Stages begin at 80, 90, 95 and 100 hundredths of what the volumes may fill. */
    static ObjectNode threshold(Capacity capacity) {
        long room = capacity.allocated() + capacity.free();
        long used = capacity.allocated();
        String stage = used >= room ? "stage5CompletelyConsumed" : used >= room / 100 * 95 ? "stage4Critical"
            : used >= room / 100 * 90 ? "stage3Low" : used >= room / 100 * 80 ? "stage2Aware" : "stage1Happy";
        ObjectNode json = Json.object().put("blockFullness", stage).put("fullness", stage).put("metadataFullness", "stage1Happy");
        json.put("maxMetadataOverProvisionFactor", OVER_PROVISION_FACTOR).put("sliceReserveUsedThresholdPct", 5);
        json.put("stage2AwareThreshold", 80).put("stage3LowThreshold", 90).put("stage4CriticalThreshold", 95).put("stage3BlockThresholdPercent", 90).put("stage3MetadataThresholdPercent", 90);
        for (String of : new String[] {"Block", "Metadata"}) {
            json.put("stage2" + of + "ThresholdBytes", room / 100 * 80).put("stage3" + of + "ThresholdBytes", room / 100 * 90);
            json.put("stage4" + of + "ThresholdBytes", room / 100 * 95).put("stage5" + of + "ThresholdBytes", room);
        }
        json.put("sumTotalClusterBytes", room).put("sumUsedClusterBytes", used);
        return json.put("sumTotalMetadataClusterBytes", room).put("sumUsedMetadataClusterBytes", 0);
    }
}
