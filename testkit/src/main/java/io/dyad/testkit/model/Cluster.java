package io.dyad.testkit.model;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What one cluster has. Owned by the thread that runs the test. */
public final class Cluster {
    /** What never changes: {@code mvip} as clients write it. */
    public record Identity(String name, String mvip, String uniqueId) { }

    private final Identity identity;
    private final NavigableMap<Long, String> accounts = new TreeMap<>();
    private final NavigableMap<Long, ClusterHalf> clusterPairs = new TreeMap<>();
    private final NavigableMap<Long, Volume> volumes = new TreeMap<>();

    public Cluster(Identity identity) { this.identity = identity; }

    Cluster copy() {
        Cluster copy = new Cluster(identity);
        copy.accounts.putAll(accounts);
        copy.clusterPairs.putAll(clusterPairs);
        copy.volumes.putAll(volumes);
        return copy;
    }

    public Identity identity() { return identity; }

    /** User names by id. */
    public NavigableMap<Long, String> accounts() { return accounts; }

    public NavigableMap<Long, ClusterHalf> clusterPairs() { return clusterPairs; }

    public NavigableMap<Long, Volume> volumes() { return volumes; }

    public Optional<Volume> volume(long id) { return Optional.ofNullable(volumes.get(id)); }

    Optional<Volume> active(long id) { return volume(id).filter(v -> !v.deleted()); }

    Optional<ClusterHalf> clusterPair(long id) { return Optional.ofNullable(clusterPairs.get(id)); }

    Optional<ClusterHalf> clusterPair(String uuid) {
        return clusterPairs.values().stream().filter(h -> h.uuid().equals(uuid)).findFirst();
    }

    /** The pair with the other cluster, if both have it. */
    Optional<ClusterHalf> partner() { return clusterPairs.values().stream().filter(h -> h.phase() == Phase.PAIRED).findFirst(); }

    /** Whether a completed pair with the other cluster is listed, whole or not. */
    boolean knowsPartner() { return clusterPairs.values().stream().anyMatch(h -> h.phase() != Phase.OFFERED); }

    Optional<Volume> volumeOfPair(String uuid) {
        return volumes.values().stream().filter(v -> v.pair().filter(p -> p.uuid().equals(uuid)).isPresent()).findFirst();
    }

    void put(Volume volume) { volumes.put(volume.id(), volume); }

    void put(ClusterHalf half) { clusterPairs.put(half.id(), half); }
}
