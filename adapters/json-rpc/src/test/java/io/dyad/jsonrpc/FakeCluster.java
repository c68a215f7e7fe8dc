package io.dyad.jsonrpc;

import io.dyad.cluster.Accounts;
import io.dyad.cluster.Activity;
import io.dyad.cluster.Admins;
import io.dyad.cluster.Capacity;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.History;
import io.dyad.cluster.NewVolume;
import io.dyad.cluster.VolumeAccessGroups;
import io.dyad.cluster.VolumeBlocks;
import io.dyad.cluster.VolumeChange;
import io.dyad.cluster.VolumeInfo;
import io.dyad.cluster.VolumeStats;
import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Mode;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.replication.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * A cluster of the mind: it follows the rules of pairing at once and in memory, and moves no block.
 * Others are reached by their mvip through the network they share. Strict: what it does not do, it throws at.
 */
final class FakeCluster implements Cluster {
    static final String PASSWORD = "right";
    private static final Instant THEN = Instant.parse("2021-03-09T04:40:43.123Z");

    final List<Cause> causes = Collections.synchronizedList(new ArrayList<>());
    /** Called at the start of every read of volumes: to be slow, or to fail. */
    volatile Runnable whenListed = () -> { };

    private final Map<String, FakeCluster> network;
    private final Info info;
    final FakeAdmins admins = new FakeAdmins(causes::add);
    private final FakeAccounts accounts = new FakeAccounts(() -> this.volumes.values(), causes::add);
    private final FakeAccessGroups groups = new FakeAccessGroups(this::active, causes::add);
    final FakeHistory history = new FakeHistory();
    private final TreeMap<ClusterPairId, PairedCluster> pairs = new TreeMap<>(java.util.Comparator.comparingLong(ClusterPairId::value));
    private final TreeMap<VolumeId, VolumeInfo> volumes = new TreeMap<>();
    private final FakeSnapshots snapshots = new FakeSnapshots(this::existing, id -> jobs().requireIdle(id));
    private final FakeJobs jobs = new FakeJobs(this, snapshots);
    private long lastPair;
    private long lastVolume;

    FakeCluster(Map<String, FakeCluster> network, String name, String uniqueId, String mvip) {
        this.network = network;
        this.info = new Info(name, UUID.randomUUID(), uniqueId, mvip, mvip, "00");
        network.put(mvip, this);
    }

    void admin(String name, Set<String> access) { admins.add(name, access, PASSWORD); }

    @Override public Info info() { return info; }

    @Override public StartedPairing startClusterPairing(Cause cause) {
        causes.add(cause);
        if (pairs.size() == 4) throw refused(Refusal.EXCEEDED_LIMIT, "at most 4 cluster pairs");
        var id = new ClusterPairId(++lastPair);
        var uuid = UUID.randomUUID();
        pairs.put(id, new PairedCluster(id, uuid, "", "", "", "", "Unconfigured", 0));
        return new StartedPairing(id, FakeKeys.cluster(id.value(), uuid, info));
    }

    @Override public ClusterPairId completeClusterPairing(String clusterPairingKey, Cause cause) {
        causes.add(cause);
        var key = FakeKeys.read(clusterPairingKey, "clusterPairUUID").orElseThrow(() -> refused(Refusal.INVALID_KEY, "damaged key"));
        var starter = network.get(key.path("mvip").asText());
        if (starter == this) throw refused(Refusal.INVALID_KEY, "Pairing a cluster with itself is not permitted.");
        if (starter == null) throw refused(Refusal.PEER_UNREACHABLE, key.path("mvip").asText());
        if (pairs.size() == 4) throw refused(Refusal.EXCEEDED_LIMIT, "at most 4 cluster pairs");
        if (pairs.values().stream().anyMatch(p -> p.mvip().equals(starter.info.mvip()))) throw refused(Refusal.PAIRING_ALREADY_EXISTS, "already exists");
        var offered = starter.pairs.values().stream().filter(p -> FakeKeys.cluster(p.id().value(), p.uuid(), starter.info).equals(clusterPairingKey)).findFirst()
            .orElseThrow(() -> refused(Refusal.INVALID_KEY, "no pairing waits for this key"));
        var id = new ClusterPairId(++lastPair);
        pairs.put(id, paired(id, offered.uuid(), starter.info));
        starter.pairs.put(offered.id(), paired(offered.id(), offered.uuid(), info));
        return id;
    }

    private static PairedCluster paired(ClusterPairId id, UUID uuid, Info peer) {
        return new PairedCluster(id, uuid, peer.name(), peer.uniqueId(), peer.mvip(), "12.5.0.897", "Connected", 1);
    }

    @Override public List<PairedCluster> clusterPairs() { return List.copyOf(pairs.values()); }

    @Override public void removeClusterPair(ClusterPairId id, Cause cause) {
        causes.add(cause);
        if (!pairs.containsKey(id)) throw refused(Refusal.PAIRING_DOES_NOT_EXIST, "cluster pair " + id.value());
        if (volumes.values().stream().anyMatch(v -> v.pair().flatMap(VolumeInfo.Pair::cluster).equals(Optional.of(id)))) throw refused(Refusal.CLUSTER_PAIR_IN_USE, "by volumes");
        pairs.remove(id);
    }

    @Override public String startVolumePairing(VolumeId id, Mode mode, Cause cause) {
        causes.add(cause);
        var volume = unpaired(id);
        var uuid = UUID.randomUUID();
        pair(volume, new VolumeInfo.Pair(uuid, Optional.empty(), 0, "", mode, "Unconfigured", "", false, 0, 0));
        return FakeKeys.volume(volume.volume(), uuid, info);
    }

    @Override public void completeVolumePairing(VolumeId id, String volumePairingKey, Cause cause) {
        causes.add(cause);
        var target = unpaired(id);
        var key = FakeKeys.read(volumePairingKey, "volumePairUUID").orElseThrow(() -> refused(Refusal.INVALID_PAIRING_KEY, "no volume key"));
        var there = pairs.values().stream().filter(p -> p.mvip().equals(key.path("mvip").asText())).findFirst()
            .orElseThrow(() -> refused(Refusal.MVIP_NOT_PAIRED, key.path("mvip").asText()));
        var starter = Optional.ofNullable(network.get(there.mvip())).orElseThrow(() -> refused(Refusal.PEER_UNREACHABLE, there.mvip()));
        var source = starter.volumes.values().stream()
            .filter(v -> v.pair().filter(p -> p.state().equals("Unconfigured") && FakeKeys.volume(v.volume(), p.uuid(), starter.info).equals(volumePairingKey)).isPresent())
            .findFirst().orElseThrow(() -> refused(Refusal.INVALID_PAIRING_KEY, "nothing waits for this key"));
        var here = starter.pairs.values().stream().filter(p -> p.uuid().equals(there.uuid())).findFirst().orElseThrow().id();
        var offer = source.pair().orElseThrow();
        String state = source.volume().access() == Access.READ_WRITE && target.volume().access() == Access.REPLICATION_TARGET ? "Active" : "PausedMisconfigured";
        pair(target, new VolumeInfo.Pair(offer.uuid(), Optional.of(there.id()), source.volume().id().value(), source.volume().name(), offer.mode(), state, "", true, 0, 0));
        starter.pair(source, new VolumeInfo.Pair(offer.uuid(), Optional.of(here), id.value(), target.volume().name(), offer.mode(), state, "", true, 0, 0));
    }

    @Override public void modifyVolumePair(VolumeId id, Optional<Boolean> pausedManual, Optional<Mode> mode, Cause cause) {
        causes.add(cause);
        var p = existing(id).pair().orElseThrow(() -> refused(Refusal.VOLUME_NOT_PAIRED, "volume " + id));
        String state = pausedManual.map(paused -> paused ? "PausedManual" : "Active").orElse(p.state());
        pair(existing(id), new VolumeInfo.Pair(p.uuid(), p.cluster(), p.remoteVolumeId(), p.remoteVolumeName(), mode.orElse(p.mode()), state, "", true, 0, 0));
    }

    @Override public Verification verify(VolumeId id, boolean repair) {
        if (existing(id).pair().isEmpty()) throw new RefusedException(Refusal.VOLUME_NOT_PAIRED, "volume " + id + " is not paired");
        return new Verification(repair);
    }

    @Override public void removeVolumePair(VolumeId id, Cause cause) {
        causes.add(cause);
        var v = existing(id);
        volumes.put(id, new VolumeInfo(v.volume(), v.deletedAt(), v.purgeAt(), Optional.empty()));
    }

    @Override public Accounts accounts() { return accounts; }

    @Override public Admins admins() { return admins; }

    @Override public VolumeAccessGroups accessGroups() { return groups; }

    @Override public History history() { return history; }

    @Override public Capacity capacity() { return new Capacity(1L << 40, 1L << 39, 4096, volumes.values().stream().mapToLong(v -> v.volume().sizeBytes()).sum(), 0); }

    @Override public VolumeInfo createVolume(NewVolume n, Cause cause) {
        causes.add(cause);
        requireRoom(n.account());
        var id = new VolumeId(++lastVolume);
        var made = new VolumeInfo(new Volume(id, UUID.randomUUID(), n.account(), n.name(), Volume.rounded(n.sizeBytes()), n.access(), n.enable512e(), n.qos(), n.attributes(), THEN),
            Optional.empty(), Optional.empty(), Optional.empty());
        volumes.put(id, made);
        return made;
    }

    @Override public VolumeInfo modifyVolume(VolumeId id, VolumeChange c, Cause cause) {
        causes.add(cause);
        var info = existing(id);
        var v = info.volume();
        requireChangeable(id, c);
        var now = new Volume(id, v.uuid(), c.account().orElse(v.account()), v.name(), Volume.rounded(c.sizeBytes().orElse(v.sizeBytes())), c.access().orElse(v.access()),
            v.enable512e(), c.qos().orElse(v.qos()), c.attributes().orElse(v.attributes()), v.created());
        volumes.put(id, new VolumeInfo(now, info.deletedAt(), info.purgeAt(), info.pair()));
        return volumes.get(id);
    }

    @Override public List<VolumeInfo> modifyVolumes(List<VolumeId> ids, VolumeChange change, Cause cause) {
        ids.forEach(id -> requireChangeable(id, change));
        return ids.stream().map(id -> modifyVolume(id, change, cause)).toList();
    }

    private void requireChangeable(VolumeId id, VolumeChange c) {
        active(id);
        if (c.sizeBytes().orElse(Long.MAX_VALUE) < existing(id).volume().sizeBytes()) throw refused(Refusal.VOLUME_SHRINK_PROHIBITED, "volume " + id);
        c.account().ifPresent(this::requireRoom);
    }

    private void requireRoom(AccountId owner) {
        if (!accounts.has(owner)) throw refused(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + owner);
        if (volumes.values().stream().filter(v -> v.volume().account().equals(owner)).count() >= 2000) throw refused(Refusal.EXCEEDED_LIMIT, "at most 2000 volumes of one account");
    }

    private void active(VolumeId id) {
        if (existing(id).deletedAt().isPresent()) throw refused(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id + " is deleted");
    }

    @Override public void deleteVolume(VolumeId id, Cause cause) {
        causes.add(cause);
        var v = existing(id);
        volumes.put(id, new VolumeInfo(v.volume(), Optional.of(THEN), Optional.of(THEN.plus(Duration.ofHours(8))), v.pair()));
    }

    @Override public void restoreVolume(VolumeId id, Cause cause) {
        causes.add(cause);
        var v = deleted(id);
        volumes.put(id, new VolumeInfo(v.volume(), Optional.empty(), Optional.empty(), v.pair()));
    }

    @Override public void purgeVolume(VolumeId id, Cause cause) {
        causes.add(cause);
        volumes.remove(deleted(id).volume().id());
    }

    @Override public List<VolumeInfo> volumes() {
        whenListed.run();
        return List.copyOf(volumes.values());
    }

    @Override public Optional<VolumeInfo> volume(VolumeId id) { return Optional.ofNullable(volumes.get(id)); }

    @Override public VolumeStats stats(VolumeId id) {
        var v = existing(id);
        return new VolumeStats(new Activity(2, 8192, 1, 4096, 0, 0, 3_000, 5_000), new Activity(1, 4096, 0, 0, 0, 0, 2_000, 0), Duration.ofSeconds(1), v.volume().sizeBytes(), 4096, v.pair().map(p -> Duration.ofHours(25).plusMillis(61_001)), VolumeStats.Replication.NONE);
    }

    @Override public FakeSnapshots snapshots() { return snapshots; }

    @Override public FakeJobs jobs() { return jobs; }

    @Override public VolumeBlocks open(VolumeId id) { throw new UnsupportedOperationException("no method opens blocks"); }

    @Override public AutoCloseable follow(Consumer<Recorded> reader) { throw new UnsupportedOperationException("no method follows events"); }

    public void cutLinks() { throw new UnsupportedOperationException("no method cuts links"); }

    public void healLinks() { throw new UnsupportedOperationException("no method heals links"); }

    @Override public SSLContext tls() { return TestTls.context(); }

    @Override public void close() { network.remove(info.mvip()); }

    private VolumeInfo existing(VolumeId id) {
        return volume(id).orElseThrow(() -> refused(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id));
    }

    private VolumeInfo deleted(VolumeId id) {
        if (existing(id).deletedAt().isEmpty()) throw refused(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id + " is not deleted");
        return existing(id);
    }

    private VolumeInfo unpaired(VolumeId id) {
        if (existing(id).pair().isPresent()) throw refused(Refusal.VOLUME_ALREADY_PAIRED, "volume " + id);
        return existing(id);
    }

    private void pair(VolumeInfo v, VolumeInfo.Pair pair) {
        volumes.put(v.volume().id(), new VolumeInfo(v.volume(), v.deletedAt(), v.purgeAt(), Optional.of(pair)));
    }

    private static RefusedException refused(Refusal refusal, String detail) { return new RefusedException(refusal, detail); }
}
