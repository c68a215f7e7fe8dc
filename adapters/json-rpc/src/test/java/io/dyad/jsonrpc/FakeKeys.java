package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.cluster.Cluster.Info;
import io.dyad.domain.Volume;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** Pairing keys of a {@link FakeCluster}: the members of real ones, in alphabetical order. */
final class FakeKeys {
    private FakeKeys() { }

    static String cluster(long pairId, UUID uuid, Info info) {
        return hex(Json.object().put("clusterPairID", pairId).put("clusterPairUUID", uuid.toString()).put("clusterUniqueID", info.uniqueId()).put("mvip", info.mvip())
            .put("name", info.name()).put("password", "0123456789abcdef").put("rpcConnectionID", 1).put("username", "__SF_pair_0123456789abcdef"));
    }

    static String volume(Volume volume, UUID uuid, Info info) {
        return hex(Json.object().put("mvip", info.mvip()).put("volumeID", volume.id().value()).put("volumeName", volume.name()).put("volumePairUUID", uuid.toString()));
    }

    /** The key as JSON, if it has this member. */
    static Optional<JsonNode> read(String key, String member) {
        try {
            return Optional.of(Json.read(HexFormat.of().parseHex(key))).filter(json -> json.has(member));
        } catch (IOException | IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    private static String hex(JsonNode json) { return HexFormat.of().formatHex(Json.write(json)); }
}
