package io.dyad.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Both ends of a pair, as far as their clusters answer; at least one does. */
record Ends(Optional<End> a, Optional<End> b, String silence) {
    /** Throws {@link ApiFailure} when neither answers, or when there is no such pair. {@code volume} is the number on a. */
    static Ends look(ApiClient a, ApiClient b, long volume) {
        Optional<String> nameA = Optional.empty();
        Optional<String> nameB = Optional.empty();
        List<String> silent = new ArrayList<>();
        try {
            nameA = Optional.of(name(a));
        } catch (ApiFailure e) {
            if (e.answered()) throw e;
            silent.add(String.valueOf(e.getMessage()));
        }
        try {
            nameB = Optional.of(name(b));
        } catch (ApiFailure e) {
            if (e.answered()) throw e;
            silent.add(String.valueOf(e.getMessage()));
        }
        if (silent.size() == 2) throw new ApiFailure("neither cluster answers: " + String.join("; ", silent));
        Optional<End> endA = nameA.map(name -> paired("a", a, name, volume));
        Optional<End> endB = nameB.map(name -> endA.map(known -> peerOf(known, b, name)).orElseGet(() -> peerOfSilent(a, volume, b, name)));
        return new Ends(endA, endB, String.join("; ", silent));
    }

    private static String name(ApiClient api) { return api.call("GetClusterInfo", Map.of()).at("/clusterInfo/name").asText(); }

    private static End paired(String label, ApiClient api, String cluster, long volume) {
        JsonNode found = End.volumeOf(api, volume).orElseThrow(() -> new ApiFailure("cluster " + label + " (" + cluster + ") has no volume " + volume));
        if (found.path("volumePairs").isEmpty()) throw new ApiFailure(cluster + " volume " + volume + " is not paired");
        return End.of(label, api, cluster, found);
    }

    private static End peerOf(End known, ApiClient api, String cluster) {
        for (JsonNode volume : pairedVolumes(api)) {
            if (volume.at("/volumePairs/0/volumePairUUID").asText().equals(known.pairUuid())) return End.of("b", api, cluster, volume);
        }
        throw new ApiFailure("cluster b (" + cluster + ") has no end of the pair of " + known.named() + ": is it the right cluster?");
    }

    /** While a is silent its number alone names the pair, and the address under which b knows a. */
    private static End peerOfSilent(ApiClient silent, long volume, ApiClient api, String cluster) {
        List<JsonNode> all = new ArrayList<>();
        List<JsonNode> sure = new ArrayList<>();
        for (JsonNode each : pairedVolumes(api)) {
            JsonNode pair = each.at("/volumePairs/0");
            if (pair.path("remoteVolumeID").asLong() != volume) continue;
            all.add(each);
            if (mvip(api, pair.path("clusterPairID").asLong()).equals(authority(silent))) sure.add(each);
        }
        List<JsonNode> those = sure.isEmpty() ? all : sure;
        if (those.size() != 1) throw new ApiFailure("cluster b (" + cluster + ") pairs " + (those.isEmpty() ? "no volume" : those.size() + " volumes") + " with a volume " + volume
            + " of another cluster, and cluster a does not answer");
        return End.of("b", api, cluster, those.getFirst());
    }

    private static JsonNode pairedVolumes(ApiClient api) { return api.call("ListActivePairedVolumes", Map.of()).path("volumes"); }

    private static String mvip(ApiClient api, long clusterPair) {
        for (JsonNode pair : api.call("ListClusterPairs", Map.of()).path("clusterPairs")) {
            if (pair.path("clusterPairID").asLong() == clusterPair) return pair.path("mvip").asText();
        }
        return "";
    }

    private static String authority(ApiClient api) {
        String host = api.endpoint().getHost();
        return api.endpoint().getPort() < 0 || api.endpoint().getPort() == 443 ? host : host + ":" + api.endpoint().getPort();
    }
}
