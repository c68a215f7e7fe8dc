package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.Cluster.PairedCluster;
import io.dyad.cluster.NewClone;
import io.dyad.cluster.NewVolume;
import io.dyad.cluster.SnapshotInfo;
import io.dyad.cluster.VolumeBlocks;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.JobId;
import io.dyad.domain.Mode;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Brings two clusters, apart and without volumes, into the state that a golden exchange is played in, and tells its values. */
record GivenState(Cluster here, Cluster there, Map<String, JsonNode> values) {
    static final Cause CAUSE = new Cause("test", "given");
    private static final Cause CREATION = new Cause("admin", "CreateVolume");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Terms NIGHTLY = new Terms("nightly", false, Optional.empty(), Optional.empty(), Map.of());
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    static Map<String, JsonNode> arrange(String given, Cluster here, Cluster there) {
        var state = new GivenState(here, there, new HashMap<>());
        switch (given) {
            case "apart" -> { }
            case "waiting" -> state.start(here);
            case "offered" -> state.start(there);
            case "own key" -> state.start(here);
            case "altered key" -> state.alter("clusterPairingKey", state.start(there));
            case "full" -> { for (int i = 0; i < 4; i++) state.start(here); }
            case "paired" -> state.pair();
            case "paired and offered again" -> {
                state.pair();
                state.values.put("clusterPairingKey", JSON.textNode(there.startClusterPairing(CAUSE).clusterPairingKey()));
            }
            case "volume" -> state.paired().volume(Access.READ_WRITE);
            case "volume alone" -> state.volume(Access.REPLICATION_TARGET).offerVolume();
            case "volume offered" -> state.paired().volume(Access.REPLICATION_TARGET).offerVolume();
            case "volume and cluster key" -> {
                state.paired().volume(Access.REPLICATION_TARGET);
                state.values.put("clusterPairingKey", JSON.textNode(there.startClusterPairing(CAUSE).clusterPairingKey()));
            }
            case "volume and altered key" -> {
                state.paired().volume(Access.REPLICATION_TARGET).offerVolume();
                state.alter("volumePairingKey", state.value("volumePairingKey").textValue());
            }
            case "volume waiting" -> here.startVolumePairing(state.paired().volume(Access.READ_WRITE).own(), Mode.ASYNC, CAUSE);
            case "full and offered" -> {
                for (int i = 0; i < 4; i++) state.start(here);
                state.start(there);
            }
            case "volumes paired" -> state.volumesPaired();
            case "lone volume" -> state.volume(Access.READ_WRITE);
            case "larger volume" -> state.values.put("volumeID", JSON.numberNode(create(here, Access.READ_WRITE, 2_000_000_000L).value()));
            case "two volumes" -> state.volume(Access.READ_WRITE).other();
            case "snapshot" -> state.volume(Access.READ_WRITE).snapshot();
            case "full of snapshots" -> {
                state.volume(Access.READ_WRITE).snapshot();
                for (int i = 2; i < 32; i++) here.snapshots().take(state.own(), NIGHTLY, false, CAUSE);
                state.groupOf(List.of(state.own()));
            }
            case "group snapshot" -> state.volume(Access.READ_WRITE).other().group();
            case "clone running" -> state.volume(Access.READ_WRITE).cloneRunning();
            case "clone done" -> state.volume(Access.READ_WRITE).cloneDone();
            default -> new GivenMore(state).arrange(given);
        }
        return state.values;
    }

    String start(Cluster starter) {
        var started = starter.startClusterPairing(CAUSE);
        values.put("clusterPairID", JSON.numberNode(started.id().value()));
        values.put("clusterPairUUID", JSON.textNode(starter.clusterPairs().getFirst().uuid().toString()));
        values.put("clusterPairingKey", JSON.textNode(started.clusterPairingKey()));
        return started.clusterPairingKey();
    }

    GivenState paired() {
        pair();
        return this;
    }

    private void pair() {
        here.completeClusterPairing(there.startClusterPairing(CAUSE).clusterPairingKey(), CAUSE);
        until(() -> connected(here) && connected(there));
        PairedCluster peer = here.clusterPairs().getFirst();
        values.put("clusterPairID", JSON.numberNode(peer.id().value()));
        values.put("clusterPairUUID", JSON.textNode(peer.uuid().toString()));
        values.put("peerName", JSON.textNode(there.info().name()));
        values.put("peerMvip", JSON.textNode(there.info().mvip()));
        values.put("peerUniqueID", JSON.textNode(there.info().uniqueId()));
    }

    private static boolean connected(Cluster cluster) { return cluster.clusterPairs().getFirst().status().equals("Connected"); }

    GivenState volume(Access access) {
        values.put("volumeID", JSON.numberNode(create(here, access).value()));
        values.put("accountID", JSON.numberNode(here.accounts().all().getFirst().id().value()));
        return this;
    }

    GivenState other() {
        values.put("otherVolumeID", JSON.numberNode(create(here, Access.READ_WRITE).value()));
        return this;
    }

    private void snapshot() { values.put("snapshotID", JSON.numberNode(here.snapshots().take(own(), NIGHTLY, false, CAUSE).snapshot().id().value())); }

    List<Snapshot> groupOf(List<VolumeId> volumes) {
        List<Snapshot> members = here.snapshots().takeGroup(volumes, NIGHTLY, false, CAUSE).stream().map(SnapshotInfo::snapshot).toList();
        values.put("groupSnapshotID", JSON.numberNode(members.getFirst().group().orElseThrow().id()));
        return members;
    }

    void group() {
        List<Snapshot> members = groupOf(List.of(own(), otherOwn()));
        values.put("snapshotID", JSON.numberNode(members.getFirst().id().value()));
        values.put("otherSnapshotID", JSON.numberNode(members.getLast().id().value()));
    }

    /** Enough of a volume that its clone takes a while. */
    private void cloneRunning() {
        makeLasting(own());
        values.put("cloneID", JSON.numberNode(here.jobs().clone(List.of(NewClone.of(own(), "clone")), CAUSE).job().id().value()));
    }

    /** What is copied from this volume takes a while. */
    void makeLasting(VolumeId source) {
        if (here instanceof FakeCluster fake) fake.jobs().lasting = true;
        else fill(here.open(source));
    }

    private static void fill(VolumeBlocks blocks) {
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) 7);
        try {
            for (int i = 0; i < 400; i++) blocks.write((long) i << 20, ByteBuffer.wrap(piece), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cloneDone() {
        JobId id = here.jobs().clone(List.of(NewClone.of(own(), "clone")), CAUSE).job().id();
        until(() -> here.jobs().find(id).orElseThrow().outcome().isPresent());
        values.put("asyncHandle", JSON.numberNode(id.value()));
    }

    private JsonNode value(String name) { return Objects.requireNonNull(values.get(name), name); }

    VolumeId otherOwn() { return new VolumeId(value("otherVolumeID").longValue()); }

    VolumeId own() { return new VolumeId(value("volumeID").longValue()); }

    /** There is a volume before it, so that ids differ between the ends. */
    VolumeId offerVolume() {
        create(there, Access.READ_WRITE);
        VolumeId remote = create(there, Access.READ_WRITE);
        values.put("volumePairingKey", JSON.textNode(there.startVolumePairing(remote, Mode.ASYNC, CAUSE)));
        return remote;
    }

    void volumesPaired() {
        paired().volume(Access.READ_WRITE);
        create(there, Access.READ_WRITE);
        VolumeId remote = create(there, Access.REPLICATION_TARGET);
        there.completeVolumePairing(remote, here.startVolumePairing(own(), Mode.ASYNC, CAUSE), CAUSE);
        until(() -> active(here, own()) && active(there, remote));
        values.put("remoteVolumeID", JSON.numberNode(remote.value()));
        values.put("remoteVolumeName", JSON.textNode(there.volume(remote).orElseThrow().volume().name()));
        values.put("volumePairUUID", JSON.textNode(here.volume(own()).flatMap(VolumeInfo::pair).orElseThrow().uuid().toString()));
    }

    private static boolean active(Cluster cluster, VolumeId id) {
        return cluster.volume(id).flatMap(VolumeInfo::pair).map(VolumeInfo.Pair::state).equals(Optional.of("Active"));
    }

    static VolumeId create(Cluster cluster, Access access) { return create(cluster, access, 1_000_000_000L); }

    private static VolumeId create(Cluster cluster, Access access, long sizeBytes) {
        AccountId owner = cluster.accounts().all().stream().findFirst()
            .orElseGet(() -> cluster.addAccount("owner", CAUSE)).id();
        return cluster.createVolume(NewVolume.of("Test", owner, sizeBytes).withAccess(access), CREATION).volume().id();
    }

    /** The last character of the last member, which names no address. */
    private void alter(String value, String key) {
        int at = key.length() - 5;
        values.put(value, JSON.textNode(key.substring(0, at) + (key.charAt(at) == '7' ? '6' : '7') + key.substring(at + 1)));
    }

    static void until(BooleanSupplier condition) {
        long giveUpAtNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - giveUpAtNs > 0) throw new IllegalStateException("never came to be");
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
