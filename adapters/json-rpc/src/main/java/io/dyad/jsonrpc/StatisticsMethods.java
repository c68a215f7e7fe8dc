package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Activity;
import io.dyad.cluster.Capacity;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.VolumeInfo;
import io.dyad.cluster.VolumeStats;
import io.dyad.domain.AccountId;
import io.dyad.domain.Refusal;
import io.dyad.domain.VolumeAccessGroupId;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.MethodTable.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The methods of statistics and capacity: everything is counted or measured. */
final class StatisticsMethods {
    private final Cluster cluster;

    StatisticsMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "GetVolumeStats", this::one,
            "ListVolumeStats", this::some,
            "ListVolumeStatsByVolume", call -> list(v -> true),
            "ListVolumeStatsByAccount", this::byAccount,
            "GetClusterStats", call -> clusterStats(),
            "GetClusterCapacity", call -> capacity(),
            "GetClusterFullThreshold", call -> threshold());
    }

    private ObjectNode one(Call call) {
        VolumeId id = call.volumeId();
        VolumeInfo volume = cluster.volume(id).orElseThrow(() -> ApiException.of(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id));
        return Json.object().set("volumeStats", StatsJson.of(volume, cluster.stats(id), cluster.accessGroups().byVolume().getOrDefault(id, List.of())));
    }

    /** An empty list asks for all, as monitoring has it. */
    private ObjectNode some(Call call) {
        Set<Long> wanted = call.ids("volumeIDs");
        return list(v -> wanted.isEmpty() || wanted.contains(v.volume().id().value()));
    }

    private ObjectNode list(Predicate<VolumeInfo> wanted) {
        ObjectNode result = Json.object();
        ArrayNode all = result.putArray("volumeStats");
        var groups = cluster.accessGroups().byVolume();
        active().stream().filter(wanted).forEach(v -> all.add(StatsJson.of(v, cluster.stats(v.volume().id()), groups.getOrDefault(v.volume().id(), List.of()))));
        return result;
    }

    private List<VolumeInfo> active() { return cluster.volumes().stream().filter(v -> v.deletedAt().isEmpty()).toList(); }

    private ObjectNode byAccount(Call call) {
        ObjectNode result = Json.object();
        ArrayNode all = result.putArray("volumeStats");
        Optional<Set<Long>> wanted = call.param("accounts").map(ids -> call.ids("accounts"));
        Map<AccountId, List<VolumeStats>> owned = new HashMap<>();
        active().forEach(v -> owned.computeIfAbsent(v.volume().account(), owner -> new ArrayList<>()).add(cluster.stats(v.volume().id())));
        cluster.accounts().all().stream().filter(a -> wanted.isEmpty() || wanted.get().contains(a.id().value()))
            .forEach(a -> all.add(StatsJson.of(0, a.id(), sum(owned.getOrDefault(a.id(), List.of())), List.<VolumeAccessGroupId>of())));
        return result;
    }

    private static VolumeStats sum(List<VolumeStats> all) {
        Activity total = all.stream().map(VolumeStats::total).reduce(Activity.NONE, Activity::plus);
        Activity last = all.stream().map(VolumeStats::lastSample).reduce(Activity.NONE, Activity::plus);
        Duration period = all.stream().map(VolumeStats::samplePeriod).max(Duration::compareTo).orElse(Duration.ZERO);
        return new VolumeStats(total, last, period, all.stream().mapToLong(VolumeStats::sizeBytes).sum(), all.stream().mapToLong(VolumeStats::allocatedBytes).sum(), Optional.empty(),
            VolumeStats.Replication.NONE);
    }

    private VolumeStats everything() { return sum(active().stream().map(v -> cluster.stats(v.volume().id())).toList()); }

    private ObjectNode clusterStats() { return Json.object().set("clusterStats", StatsJson.ofCluster(everything())); }

    private ObjectNode capacity() { return Json.object().set("clusterCapacity", CapacityJson.of(cluster.capacity(), everything())); }

    private ObjectNode threshold() {
        Capacity capacity = cluster.capacity();
        return CapacityJson.threshold(capacity);
    }
}
