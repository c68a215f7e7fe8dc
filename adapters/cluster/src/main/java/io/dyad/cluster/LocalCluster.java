package io.dyad.cluster;

import io.dyad.domain.Access;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.ClusterPairState;
import io.dyad.domain.ClusterState;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Mode;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeCommand.ModifyVolume;
import io.dyad.domain.VolumeId;
import io.dyad.replication.Verification;
import io.dyad.replication.pairing.Coordinator;
import io.dyad.replication.pairing.PairTerms;
import io.dyad.replication.pairing.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A cluster of this process: the calls of {@link Cluster}, on the parts that {@link Assembly} put together. */
final class LocalCluster implements Cluster {
    private final Assembly parts;
    private final Coordinator coordinator;
    private final VolumeHosts hosts;
    private final LocalVolumes volumes;
    private final LocalPairs pairs;
    private final LocalSnapshots snapshots;
    private final ClusterJobs jobs;
    private final LocalAccounts accounts;
    private final LocalAdmins admins;
    private final LocalAccessGroups accessGroups;
    private final LocalHistory history;
    private final FaultWatch watch = new FaultWatch();

    private LocalCluster(Assembly parts) {
        this.parts = parts;
        this.coordinator = parts.coordinator();
        this.hosts = parts.hosts();
        this.volumes = new LocalVolumes(coordinator, hosts, parts.ticker());
        this.pairs = new LocalPairs(coordinator, volumes, parts.mvip());
        this.snapshots = new LocalSnapshots(coordinator, hosts);
        this.jobs = new LocalJobs(coordinator, hosts, parts.runner(), parts.ticker());
        View view = coordinator.node().view();
        this.accounts = new LocalAccounts(coordinator.node().people(), view, parts.secrets());
        this.admins = new LocalAdmins(coordinator.node().people(), view, parts.secrets());
        this.accessGroups = new LocalAccessGroups(coordinator.node().accessGroups(), view);
        this.history = new LocalHistory(view);
    }

    static Cluster open(ClusterBuilder settings) throws IOException {
        Assembly parts = Assembly.of(settings);
        LocalCluster cluster = new LocalCluster(parts);
        parts.log().observe(recorded -> {
            cluster.history.observe(recorded);
            cluster.admins.observe(recorded);
        });
        parts.eachSecond(() -> cluster.hosts.sample(parts.ticker().nowNs()));
        parts.eachSecond(() -> cluster.watch(settings.asyncDelayLimit));
        return cluster;
    }

    @Override public Info info() {
        ClusterState.Identity own = coordinator.node().view().formed().identity();
        return new Info(own.name(), own.uuid(), own.uniqueId(), parts.mvip(), parts.svip(), parts.identity().fingerprint());
    }

    // ---- pairs ----

    @Override public StartedPairing startClusterPairing(Cause cause) { return pairs.startClusterPairing(cause); }

    @Override public ClusterPairId completeClusterPairing(String clusterPairingKey, Cause cause) { return pairs.completeClusterPairing(clusterPairingKey, cause); }

    @Override public List<PairedCluster> clusterPairs() { return pairs.clusterPairs(); }

    @Override public void removeClusterPair(ClusterPairId id, Cause cause) { coordinator.clusters().remove(id, cause); }

    @Override public String startVolumePairing(VolumeId id, Mode mode, Cause cause) { return pairs.startVolumePairing(id, mode, cause); }

    @Override public void completeVolumePairing(VolumeId id, String volumePairingKey, Cause cause) { pairs.completeVolumePairing(id, volumePairingKey, cause); }

    @Override public void modifyVolumePair(VolumeId id, Optional<Boolean> pausedManual, Optional<Mode> mode, Cause cause) {
        coordinator.node().modifyVolumePair(id, pausedManual, mode, cause);
        coordinator.reconcile(id);
    }

    @Override public Verification verify(VolumeId id, boolean repair) {
        if (volumes.known(id).pair().isEmpty()) throw new RefusedException(Refusal.VOLUME_NOT_PAIRED, "volume " + id + " is not paired");
        Verification asked = new Verification(repair);
        hosts.verify(id, asked);
        return asked;
    }

    @Override public void removeVolumePair(VolumeId id, Cause cause) {
        coordinator.node().removeVolumePair(id, cause);
        coordinator.reconcile(id);
    }

    // ---- people and hosts ----

    @Override public Accounts accounts() { return accounts; }

    @Override public Admins admins() { return admins; }

    @Override public VolumeAccessGroups accessGroups() { return accessGroups; }

    // ---- volumes ----

    @Override public VolumeInfo createVolume(NewVolume v, Cause cause) {
        PairTerms.check(v.attributes());
        UUID uuid = parts.ticker().freshUuid();
        return volumes.known(coordinator.node().createVolume(id -> new Volume(id, uuid, v.account(), v.name(), v.sizeBytes(), v.access(), v.enable512e(), v.qos(),
            v.attributes(), parts.ticker().now()), cause));
    }

    @Override public VolumeInfo modifyVolume(VolumeId id, VolumeChange c, Cause cause) { return modifyVolumes(List.of(id), c, cause).getFirst(); }

    @Override public List<VolumeInfo> modifyVolumes(List<VolumeId> ids, VolumeChange c, Cause cause) {
        c.attributes().ifPresent(PairTerms::check);
        coordinator.node().modifyVolumes(ids.stream().map(id -> new ModifyVolume(id, c.access(), c.sizeBytes(), c.account(), c.qos(), c.attributes())).toList(), cause);
        ids.forEach(coordinator::reconcile);
        c.access().ifPresent(a -> ids.forEach(id -> hosts.awaitAccess(id, a)));
        return ids.stream().map(volumes::known).toList();
    }

    @Override public void deleteVolume(VolumeId id, Cause cause) {
        coordinator.node().deleteVolume(id, cause);
        coordinator.reconcile(id);
        hosts.awaitAccess(id, Access.LOCKED);
    }

    @Override public void restoreVolume(VolumeId id, Cause cause) {
        coordinator.node().restoreVolume(id, cause);
        coordinator.reconcile(id);
    }

    @Override public void purgeVolume(VolumeId id, Cause cause) { coordinator.node().purgeVolume(id, cause); }

    @Override public List<VolumeInfo> volumes() { return volumes.all(); }

    @Override public Optional<VolumeInfo> volume(VolumeId id) { return volumes.find(id); }

    @Override public VolumeStats stats(VolumeId id) { return volumes.stats(id); }

    @Override public Capacity capacity() {
        long provisioned = volumes.all().stream().mapToLong(v -> v.volume().sizeBytes()).sum();
        try {
            FileStore disk = Files.getFileStore(parts.volumes());
            return new Capacity(disk.getTotalSpace(), disk.getUsableSpace(), hosts.allocatedBytes(), provisioned, snapshots.allocatedBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the disk of the volumes cannot be measured: " + e.getMessage(), e);
        }
    }

    private void watch(Duration delayLimit) {
        List<VolumeInfo> paired = coordinator.node().view().clusterPairs().values().stream()
            .flatMap(s -> s instanceof ClusterPairState.Paired p ? p.volumes().stream() : Stream.empty()).map(volumes::find).flatMap(Optional::stream).toList();
        var wrong = FaultWatch.wrong(clusterPairs(), paired, volumes::delay, delayLimit);
        wrong.putAll(FaultWatch.damaged(hosts.damaged()));
        watch.changes(history.faults(), wrong, parts.ticker().now()).forEach(coordinator::fault);
    }

    @Override public VolumeBlocks open(VolumeId id) { return hosts.hosted(id); }

    @Override public ClusterSnapshots snapshots() { return snapshots; }

    @Override public ClusterJobs jobs() { return jobs; }

    // ---- events ----

    @Override public History history() { return history; }

    @Override public AutoCloseable follow(Consumer<Recorded> reader) { return parts.log().observe(reader); }

    @Override public SSLContext tls() { return parts.identity().serverContext(); }

    @Override public void close() { parts.close(); }

    @Override public void cutLinks() { parts.links(true); }

    @Override public void healLinks() { parts.links(false); }
}
