package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.VolumeInfo;
import io.dyad.cluster.VolumeStats;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.Volume;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A volume as the wire shows it (Element 12.x API, types Volume, VolumePair, RemoteReplication, VolumeStats). */
final class VolumeJson {
    private static final long BLOCK_BYTES = 4096;
    private static final long PAUSE_LIMIT = 3_145_728_000L;
    private static final String NAA_PREFIX = "6f47acc100000000";
    private static final String EUI_SUFFIX = "f47acc0100000000";
    /** What an operation of so many bytes counts as, in hundredths of one of 4 KiB. */
    private static final Map<Integer, Integer> CURVE = new TreeMap<>(Map.of(4096, 100, 8192, 160, 16384, 270, 32768, 500, 65536, 1000,
        131072, 1950, 262144, 3900, 524288, 7600, 1048576, 15000));

    private VolumeJson() { }

    static ObjectNode of(VolumeInfo info, String clusterUniqueId) {
        Volume volume = info.volume();
        ObjectNode json = Json.object().put("volumeID", volume.id().value()).put("name", volume.name()).put("accountID", volume.account().value());
        json.put("createTime", time(volume.created())).put("status", status(info)).put("access", volume.access().wire());
        json.put("deleteTime", info.deletedAt().map(VolumeJson::time).orElse("")).put("purgeTime", info.purgeAt().map(VolumeJson::time).orElse(""));
        identify(json, volume, clusterUniqueId);
        json.put("enable512e", volume.enable512e()).put("blockSize", BLOCK_BYTES).put("totalSize", volume.sizeBytes()).put("sliceCount", 1);
        json.set("qos", qos(volume.qos()));
        json.putNull("qosPolicyID").putNull("virtualVolumeID").putNull("lastAccessTime").putNull("lastAccessTimeIO");
        json.put("currentProtectionScheme", ClusterMethods.PROTECTION_SCHEME).putNull("previousProtectionScheme");
        json.put("enableSnapMirrorReplication", false).put("fifoSize", 0).put("minFifoSize", 0);
        json.putArray("volumeAccessGroups");
        json.set("attributes", Json.tree(volume.attributes()));
        var pairs = json.putArray("volumePairs");
        info.pair().ifPresent(pair -> pairs.add(pair(pair)));
        return json;
    }

    static String status(VolumeInfo info) { return info.deletedAt().isPresent() ? "deleted" : "active"; }

    static ObjectNode curve() {
        ObjectNode json = Json.object();
        CURVE.forEach((bytes, cost) -> json.put(bytes.toString(), cost));
        return json;
    }

    private static void identify(ObjectNode json, Volume volume, String clusterUniqueId) {
        String id = HexFormat.of().formatHex(clusterUniqueId.getBytes(StandardCharsets.US_ASCII)) + "%08x".formatted(volume.id().value());
        json.put("iqn", "iqn.2010-01.com.solidfire:%s.%s.%d".formatted(clusterUniqueId, volume.name().toLowerCase(Locale.ROOT), volume.id().value()));
        json.put("scsiEUIDeviceID", id + EUI_SUFFIX).put("scsiNAADeviceID", NAA_PREFIX + id);
        json.put("volumeUUID", volume.uuid().toString()).put("volumeConsistencyGroupUUID", consistencyGroup(volume).toString());
    }

    /** Each volume is a group of its own. */
    private static UUID consistencyGroup(Volume volume) {
        return UUID.nameUUIDFromBytes(("consistency group of " + volume.uuid()).getBytes(StandardCharsets.US_ASCII));
    }

    private static ObjectNode qos(Volume.Qos qos) {
        ObjectNode json = Json.object().put("minIOPS", qos.minIops()).put("maxIOPS", qos.maxIops())
            .put("burstIOPS", qos.burstIops()).put("burstTime", qos.burstTimeSeconds());
        json.set("curve", curve());
        return json;
    }

    private static ObjectNode pair(VolumeInfo.Pair pair) {
        ObjectNode json = Json.object().put("clusterPairID", pair.cluster().map(ClusterPairId::value).orElse(0L)).put("volumePairUUID", pair.uuid().toString())
            .put("remoteVolumeID", pair.remoteVolumeId()).put("remoteSliceID", pair.remoteVolumeId()).put("remoteVolumeName", pair.remoteVolumeName());
        ObjectNode replication = json.putObject("remoteReplication").put("mode", pair.mode().wire()).put("pauseLimit", PAUSE_LIMIT)
            .put("remoteServiceID", pair.connected() ? 1 : 0).put("resumeDetails", "").put("state", pair.state()).put("stateDetails", pair.stateDetails());
        replication.putObject("snapshotReplication").put("state", pair.state().startsWith("Paused") ? pair.state() : "Idle").put("stateDetails", "");
        return json;
    }

    private static String time(Instant at) { return at.truncatedTo(ChronoUnit.SECONDS).toString(); }

    /** A volume's counters. What is not sampled is 0 over a sample period of 0: clients expect the members. */
    static ObjectNode of(VolumeInfo info, VolumeStats stats) {
        long holds = Math.ceilDiv(stats.allocatedBytes(), BLOCK_BYTES);
        long operations = stats.readOps() + stats.writeOps();
        ObjectNode json = Json.object().put("volumeID", info.volume().id().value()).put("accountID", info.volume().account().value());
        json.put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        json.put("readOps", stats.readOps()).put("readBytes", stats.readBytes()).put("writeOps", stats.writeOps()).put("writeBytes", stats.writeBytes());
        json.put("volumeSize", stats.sizeBytes()).put("nonZeroBlocks", holds).put("zeroBlocks", stats.sizeBytes() / BLOCK_BYTES - holds);
        json.put("averageIOPSize", operations == 0 ? 0 : (stats.readBytes() + stats.writeBytes()) / operations);
        json.put("unalignedReads", 0).put("unalignedWrites", 0).putArray("volumeAccessGroups");
        stats.asyncDelay().ifPresentOrElse(delay -> json.put("asyncDelay", delay(delay)), () -> json.putNull("asyncDelay"));
        for (String sampled : new String[] {"actualIOPS", "burstIOPSCredit", "clientQueueDepth", "latencyUSec", "readLatencyUSec", "writeLatencyUSec",
            "totalLatencyUSec", "readBytesLastSample", "readOpsLastSample", "writeBytesLastSample", "writeOpsLastSample", "samplePeriodMSec"}) {
            json.put(sampled, 0);
        }
        lag(json, stats.replication());
        json.put("throttle", 0.0).put("volumeUtilization", 0.0);
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

    /** {@code HH:MM:SS.ffffff}; hours may exceed 24. */
    static String delay(Duration delay) {
        return "%02d:%02d:%02d.%06d".formatted(delay.toHours(), delay.toMinutesPart(), delay.toSecondsPart(), delay.toNanosPart() / 1000);
    }

    private static void hosts(ObjectNode json) {
        json.put("primary", 1).putArray("deadSecondaries");
        json.putArray("liveSecondaries");
    }
}
