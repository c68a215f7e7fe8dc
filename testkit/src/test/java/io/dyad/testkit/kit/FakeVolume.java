package io.dyad.testkit.kit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A volume of the fake, and the end of a volume pair that it may have. */
final class FakeVolume {
    private static final Map<String, Integer> CURVE = Map.of("4096", 100, "8192", 160, "16384", 270, "32768", 500, "65536", 1000,
        "131072", 1950, "262144", 3900, "524288", 7600, "1048576", 15000);

    /** This end of a pair; a partner of 0 has not been found yet. */
    static final class End {
        final String uuid;
        final String key;
        String mode;
        boolean paused;
        boolean severed;
        long clusterPair;
        long partner;
        /** How often it was shown since something changed, and what was shown last. */
        int polls;
        String last = "Unconfigured";

        End(String uuid, String key, String mode) {
            this.uuid = uuid;
            this.key = key;
            this.mode = mode;
        }
    }

    final long id;
    final long account;
    final String name;
    final String uuid = UUID.randomUUID().toString();
    final String groupUuid = UUID.randomUUID().toString();
    long bytes;
    String access;
    boolean deleted;
    Optional<End> end = Optional.empty();

    FakeVolume(long id, long account, String name, long bytes, String access) {
        this.id = id;
        this.account = account;
        this.name = name;
        this.bytes = rounded(bytes);
        this.access = access;
    }

    static long rounded(long bytes) { return ((bytes - 1) / 1_048_576 + 1) * 1_048_576; }

    static ObjectNode curve() {
        ObjectNode curve = JsonNodeFactory.instance.objectNode();
        CURVE.forEach(curve::put);
        return curve;
    }

    /** The volume as the API shows it, without its pairs. */
    ObjectNode shown(String uniqueId) {
        String hex = HexFormat.of().formatHex(uniqueId.getBytes(StandardCharsets.US_ASCII)) + HexFormat.of().toHexDigits((int) id);
        ObjectNode v = JsonNodeFactory.instance.objectNode();
        v.put("access", access).put("accountID", account).put("blockSize", 4096).put("createTime", "2026-01-01T00:00:00Z")
            .put("currentProtectionScheme", "doubleHelix").put("deleteTime", deleted ? "2026-01-01T00:00:01Z" : "")
            .put("enable512e", false).put("enableSnapMirrorReplication", false).put("fifoSize", 24).put("minFifoSize", 0)
            .put("iqn", "iqn.2010-01.com.solidfire:" + uniqueId + "." + name.toLowerCase(Locale.ROOT) + "." + id)
            .put("name", name).put("purgeTime", deleted ? "2026-01-01T08:00:01Z" : "").put("scsiEUIDeviceID", hex + "f47acc0100000000")
            .put("scsiNAADeviceID", "6f47acc100000000" + hex).put("sliceCount", 1).put("status", deleted ? "deleted" : "active")
            .put("totalSize", bytes).put("volumeConsistencyGroupUUID", groupUuid).put("volumeID", id).put("volumeUUID", uuid);
        v.putNull("lastAccessTime").putNull("lastAccessTimeIO").putNull("previousProtectionScheme").putNull("qosPolicyID").putNull("virtualVolumeID");
        v.putObject("attributes");
        v.putArray("volumeAccessGroups");
        v.putArray("volumePairs");
        v.putObject("qos").put("minIOPS", 50).put("maxIOPS", 15000).put("burstIOPS", 15000).put("burstTime", 60).set("curve", curve());
        return v;
    }
}
