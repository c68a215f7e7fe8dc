package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Activity;
import io.dyad.cluster.VolumeInfo;
import io.dyad.cluster.VolumeStats;
import io.dyad.domain.AccountId;
import io.dyad.domain.VolumeAccessGroupId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Counters as the wire shows them (Element 12.x API, types VolumeStats and ClusterStats). There is no throttle, hence no credit and no use of one. */
final class StatsJson {
    private static final long BLOCK_BYTES = 4096;
    private static final long MICRO_NANOS = 1000;

    private StatsJson() { }

    static ObjectNode of(VolumeInfo info, VolumeStats stats, List<VolumeAccessGroupId> groups) {
        return of(info.volume().id().value(), info.volume().account(), stats, groups);
    }

    /** {@code volumeId} 0 stands for all volumes of the account. */
    static ObjectNode of(long volumeId, AccountId account, VolumeStats stats, List<VolumeAccessGroupId> groups) {
        long holds = Math.ceilDiv(stats.allocatedBytes(), BLOCK_BYTES);
        ObjectNode json = Json.object().put("volumeID", volumeId).put("accountID", account.value()).put("timestamp", now());
        json.put("volumeSize", stats.sizeBytes()).put("nonZeroBlocks", holds).put("zeroBlocks", stats.sizeBytes() / BLOCK_BYTES - holds);
        activity(json, stats);
        json.put("unalignedReads", stats.total().unalignedReads()).put("unalignedWrites", stats.total().unalignedWrites());
        json.put("samplePeriodMSec", stats.samplePeriod().toMillis());
        ArrayNode in = json.putArray("volumeAccessGroups");
        groups.forEach(g -> in.add(g.value()));
        stats.asyncDelay().ifPresentOrElse(delay -> json.put("asyncDelay", VolumeJson.delay(delay)), () -> json.putNull("asyncDelay"));
        lag(json, stats.replication());
        json.put("burstIOPSCredit", 0).put("throttle", 0.0).put("volumeUtilization", 0.0);
        hosts(json.putObject("metadataHosts"));
        hosts(json.putObject("desiredMetadataHosts"));
        return json;
    }

    /** Members of our own, which the Element API does not have. */
    private static void lag(ObjectNode json, VolumeStats.Replication lag) {
        json.put("dyadLagBytes", lag.lagBytes()).put("dyadOldestUnreplicatedSeconds", lag.oldestUnreplicated().toNanos() / 1e9);
        lag.eta().ifPresentOrElse(eta -> json.put("dyadEtaSeconds", eta.toNanos() / 1e9), () -> json.putNull("dyadEtaSeconds"));
        json.put("dyadShippedPayloadBytes", lag.shippedPayloadBytes()).put("dyadShippedDigestBytes", lag.shippedDigestBytes());
    }

    static ObjectNode ofCluster(VolumeStats stats) {
        ObjectNode json = Json.object().put("timestamp", now()).put("clusterUtilization", 0.0).put("servicesCount", 1).put("servicesTotal", 1);
        activity(json, stats);
        json.remove("totalLatencyUSec");
        json.put("readLatencyUSecTotal", stats.total().readNanos() / MICRO_NANOS).put("writeLatencyUSecTotal", stats.total().writeNanos() / MICRO_NANOS);
        json.put("unalignedReads", stats.total().unalignedReads()).put("unalignedWrites", stats.total().unalignedWrites());
        json.put("normalizedIOPS", aSecond(Math.ceilDiv(stats.lastSample().bytes(), BLOCK_BYTES), stats.samplePeriod()));
        return json.put("samplePeriodMsec", stats.samplePeriod().toMillis());
    }

    /** What both types have in common. Latencies are means over the last sample. */
    private static void activity(ObjectNode json, VolumeStats stats) {
        Activity all = stats.total();
        Activity last = stats.lastSample();
        json.put("readOps", all.readOps()).put("readBytes", all.readBytes()).put("writeOps", all.writeOps()).put("writeBytes", all.writeBytes());
        json.put("readOpsLastSample", last.readOps()).put("readBytesLastSample", last.readBytes());
        json.put("writeOpsLastSample", last.writeOps()).put("writeBytesLastSample", last.writeBytes());
        json.put("actualIOPS", aSecond(last.ops(), stats.samplePeriod())).put("averageIOPSize", mean(all.bytes(), all.ops()));
        json.put("latencyUSec", mean((last.readNanos() + last.writeNanos()) / MICRO_NANOS, last.ops()));
        json.put("readLatencyUSec", mean(last.readNanos() / MICRO_NANOS, last.readOps())).put("writeLatencyUSec", mean(last.writeNanos() / MICRO_NANOS, last.writeOps()));
        json.put("totalLatencyUSec", mean((all.readNanos() + all.writeNanos()) / MICRO_NANOS, all.ops()));
        json.put("clientQueueDepth", queueDepth(last, stats.samplePeriod()));
    }

    static long aSecond(long count, Duration period) { return period.isZero() ? 0 : count * 1000 / Math.max(1, period.toMillis()); }

    /** By Little's law: the time spent in operations over the time that passed. */
    private static long queueDepth(Activity last, Duration period) {
        return period.isZero() ? 0 : Math.round((double) (last.readNanos() + last.writeNanos()) / period.toNanos());
    }

    private static long mean(long sum, long count) { return count == 0 ? 0 : sum / count; }

    static String now() { return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(); }

    private static void hosts(ObjectNode json) {
        json.put("primary", 1).putArray("deadSecondaries");
        json.putArray("liveSecondaries");
    }
}
