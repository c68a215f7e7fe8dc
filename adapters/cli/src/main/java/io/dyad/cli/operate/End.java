package io.dyad.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One end of a volume pair as its cluster shows it now.
 *
 * @param label a or b, as the operator named the clusters
 * @param lagBytes what this end holds, as far as it knows, and its peer lacks; empty when it does not say
 */
record End(String label, ApiClient api, String cluster, long volume, String access, String state, String details, String pairUuid, OptionalLong lagBytes) {
    static final String SOURCE = "readWrite", TARGET = "replicationTarget";
    private static final String LAG_MEMBER = "dyadLagBytes";

    boolean writes() { return access.equals(SOURCE); }

    boolean follows() { return access.equals(TARGET); }

    /** For people: "west volume 3". */
    String named() { return cluster + " volume " + volume; }

    void access(String now) { api.call("ModifyVolume", Map.of("volumeID", volume, "access", now)); }

    /** The same end as it is now. */
    End again() {
        return of(label, api, cluster, volumeOf(api, volume).orElseThrow(() -> new ApiFailure(named() + " is gone")));
    }

    static End of(String label, ApiClient api, String cluster, JsonNode volume) {
        JsonNode pair = volume.at("/volumePairs/0");
        JsonNode replication = pair.path("remoteReplication");
        return new End(label, api, cluster, volume.path("volumeID").asLong(), volume.path("access").asText(), replication.path("state").asText("unpaired"),
            replication.path("stateDetails").asText(), pair.path("volumePairUUID").asText(), lag(api, volume.path("volumeID").asLong()));
    }

    private static OptionalLong lag(ApiClient api, long volume) {
        JsonNode bytes = api.call("GetVolumeStats", Map.of("volumeID", volume)).at("/volumeStats/" + LAG_MEMBER);
        return bytes.isNumber() ? OptionalLong.of(bytes.asLong()) : OptionalLong.empty();
    }

    static Optional<JsonNode> volumeOf(ApiClient api, long volume) {
        JsonNode found = api.call("ListVolumes", Map.of("startVolumeID", volume, "limit", 1)).at("/volumes/0");
        return found.path("volumeID").asLong() == volume ? Optional.of(found) : Optional.empty();
    }
}
