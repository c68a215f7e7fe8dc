package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What answers each method, by wire name. Who may call it, and with which params, stands in the contract. */
record MethodTable(Map<String, Method> methods) {
    /** Answers the result, or throws an {@link ApiException} or the cluster's own refusal. */
    interface Method {
        ObjectNode answer(Call call);
    }

    /** A name told twice is a mistake. */
    static MethodTable of(Cluster cluster) {
        return new MethodTable(Stream.of(new ClusterMethods(cluster).table(), new ClusterPairMethods(cluster).table(),
                new VolumePairMethods(cluster).table(), new VerificationMethods(cluster).table(), new VolumeMethods(cluster).table(), new SnapshotMethods(cluster).table(),
                new GroupSnapshotMethods(cluster).table(), new CloneMethods(cluster).table(), new JobMethods(cluster).table(),
                new AccountMethods(cluster).table(), new AdminMethods(cluster).table(), new AccessGroupMethods(cluster).table(), new StatisticsMethods(cluster).table(),
                new HistoryMethods(cluster).table(), new NodeMethods(cluster).table())
            .flatMap(family -> family.entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    Set<String> names() { return methods.keySet(); }

    Method method(String name) {
        return Optional.ofNullable(methods.get(name)).orElseThrow(() -> new IllegalStateException("nothing answers " + name));
    }
}
