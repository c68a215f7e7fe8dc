package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeAccessGroupId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A volume as the wire shows it (Element 12.x API, types Volume, VolumePair, RemoteReplication). */
final class VolumeJson {
    private static final long BLOCK_BYTES = 4096;
    private static final long PAUSE_LIMIT = 3_145_728_000L;
    private static final String NAA_PREFIX = "6f47acc100000000";
    private static final String EUI_SUFFIX = "f47acc0100000000";
    /** What an operation of so many bytes counts as, in hundredths of one of 4 KiB. */
    private static final Map<Integer, Integer> CURVE = new TreeMap<>(Map.of(4096, 100, 8192, 160, 16384, 270, 32768, 500, 65536, 1000,
        131072, 1950, 262144, 3900, 524288, 7600, 1048576, 15000));

    private VolumeJson() { }

    static ObjectNode of(VolumeInfo info, String clusterUniqueId, List<VolumeAccessGroupId> groups) {
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
        var in = json.putArray("volumeAccessGroups");
        groups.forEach(g -> in.add(g.value()));
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

    static ObjectNode qos(Volume.Qos qos) {
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

    static String time(Instant at) { return at.truncatedTo(ChronoUnit.SECONDS).toString(); }

    /** {@code HH:MM:SS.ffffff}; hours may exceed 24. */
    static String delay(Duration delay) {
        return "%02d:%02d:%02d.%06d".formatted(delay.toHours(), delay.toMinutesPart(), delay.toSecondsPart(), delay.toNanosPart() / 1000);
    }

    /** {@code HH:MM:SS}. */
    static String clock(Duration time) { return "%02d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart()); }
}
