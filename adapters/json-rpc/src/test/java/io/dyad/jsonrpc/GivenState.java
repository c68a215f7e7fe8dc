package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.Cluster.NewAccount;
import io.dyad.cluster.Cluster.PairedCluster;
import io.dyad.cluster.NewVolume;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Brings two clusters, apart and without volumes, into the state that a golden exchange is played in, and tells its values. */
record GivenState(Cluster here, Cluster there, Map<String, JsonNode> values) {
    private static final Cause CAUSE = new Cause("test", "given");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

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
            case "volumes paired" -> state.volumesPaired();
            default -> throw new IllegalArgumentException("nobody knows how to arrange " + given);
        }
        return state.values;
    }

    private String start(Cluster starter) {
        var started = starter.startClusterPairing(CAUSE);
        values.put("clusterPairID", JSON.numberNode(started.id().value()));
        values.put("clusterPairUUID", JSON.textNode(starter.clusterPairs().getFirst().uuid().toString()));
        values.put("clusterPairingKey", JSON.textNode(started.clusterPairingKey()));
        return started.clusterPairingKey();
    }

    private GivenState paired() {
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

    private GivenState volume(Access access) {
        values.put("volumeID", JSON.numberNode(create(here, access).value()));
        return this;
    }

    private JsonNode value(String name) { return Objects.requireNonNull(values.get(name), name); }

    private VolumeId own() { return new VolumeId(value("volumeID").longValue()); }

    /** There is a volume before it, so that ids differ between the ends. */
    private VolumeId offerVolume() {
        create(there, Access.READ_WRITE);
        VolumeId remote = create(there, Access.READ_WRITE);
        values.put("volumePairingKey", JSON.textNode(there.startVolumePairing(remote, Mode.ASYNC, CAUSE)));
        return remote;
    }

    private void volumesPaired() {
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

    private static VolumeId create(Cluster cluster, Access access) {
        AccountId owner = cluster.accounts().stream().findFirst()
            .orElseGet(() -> cluster.addAccount(new NewAccount("owner", Optional.empty(), Optional.empty(), Map.of()), CAUSE)).id();
        return cluster.createVolume(NewVolume.of("Test", owner, 1_000_000_000L).withAccess(access), CAUSE).volume().id();
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
