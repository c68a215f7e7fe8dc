package io.dyad.testkit.kit;

import static io.dyad.testkit.kit.FakeCluster.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.testkit.kit.FakeCluster.Refused;
import io.dyad.testkit.kit.FakeVolume.End;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/** The pairs of the fake. */
final class FakePairing {
    private static final List<String> RESUMING = List.of("ResumingConnected", "ResumingRRSync", "ResumingDataTransfer");

    /** This end of a cluster pair; without a peer it is pending. */
    private static final class Half {
        final long id;
        final String uuid;
        final String key;
        Optional<FakeCluster> peer = Optional.empty();
        boolean orphaned;
        int polls;

        Half(long id, String uuid, String key) {
            this.id = id;
            this.uuid = uuid;
            this.key = key;
        }
    }

    private final FakeCluster cluster;
    private final NavigableMap<Long, Half> halves = new TreeMap<>();

    FakePairing(FakeCluster cluster) { this.cluster = cluster; }

    void rows(Map<String, Function<JsonNode, JsonNode>> table) {
        table.put("StartClusterPairing", p -> startClusters());
        table.put("CompleteClusterPairing", this::completeClusters);
        table.put("ListClusterPairs", p -> FakeCluster.list("clusterPairs", halves.values().stream().map(this::shown)));
        table.put("RemoveClusterPair", this::removeClusters);
        table.put("StartVolumePairing", this::start);
        table.put("CompleteVolumePairing", this::complete);
        table.put("ModifyVolumePair", this::modify);
        table.put("RemoveVolumePair", this::remove);
    }

    private FakePairing of(FakeCluster other) { return other.pairing(); }

    // ---- cluster pairs ----

    private JsonNode startClusters() {
        checkRoom();
        long id = cluster.nextId();
        String uuid = UUID.randomUUID().toString();
        String key = hex(JSON.createObjectNode().put("clusterPairID", id).put("clusterPairUUID", uuid).put("clusterUniqueID", cluster.uniqueId)
            .put("mvip", cluster.mvip).put("name", cluster.name).put("password", uuid.substring(0, 16)).put("rpcConnectionID", 7)
            .put("username", "__SF_pair_" + uuid.replace("-", "").substring(16)));
        halves.put(id, new Half(id, uuid, key));
        return JSON.createObjectNode().put("clusterPairID", id).put("clusterPairingKey", key);
    }

    private void checkRoom() {
        if (halves.size() >= 4 && !cluster.is(Mutant.A_FIFTH_CLUSTER_PAIR_IS_MADE)) throw new Refused("xExceededLimit");
    }

    private JsonNode completeClusters(JsonNode p) {
        String key = p.path("clusterPairingKey").asText();
        JsonNode said = read(key);
        FakeCluster starter = Optional.ofNullable(cluster.network.get(said.path("mvip").asText())).orElseThrow(() -> new Refused("xInvalidKey"));
        if (starter == cluster && !cluster.is(Mutant.A_CLUSTER_PAIRS_WITH_ITSELF)) {
            throw new Refused("xInvalidKey", "Pairing a cluster with itself is not permitted.");
        }
        Half offer = of(starter).halves.values().stream().filter(h -> h.peer.isEmpty() && serves(h.key, h.uuid, key, said.path("clusterPairUUID")))
            .findFirst().orElseThrow(() -> new Refused("xInvalidKey"));
        if (knowsPeer() || of(starter).knowsPeer()) throw new Refused("xPairingAlreadyExists");
        checkRoom();
        Half half = new Half(cluster.nextId(), cluster.is(Mutant.THE_ENDS_DISAGREE_ON_THE_UUID) ? UUID.randomUUID().toString() : offer.uuid, "");
        half.peer = Optional.of(starter);
        offer.peer = Optional.of(cluster);
        halves.put(half.id, half);
        return JSON.createObjectNode().put("clusterPairID", half.id);
    }

    private boolean serves(String key, String uuid, String given, JsonNode givenUuid) {
        return key.equals(given) || cluster.is(Mutant.AN_ALTERED_KEY_SERVES) && uuid.equals(givenUuid.asText());
    }

    private boolean knowsPeer() { return halves.values().stream().anyMatch(h -> h.peer.isPresent()); }

    private JsonNode removeClusters(JsonNode p) {
        Half half = Optional.ofNullable(halves.get(p.path("clusterPairID").longValue())).orElseThrow(() -> new Refused("xPairingDoesNotExist"));
        boolean used = cluster.volumes.values().stream().anyMatch(v -> v.end.filter(e -> e.clusterPair == half.id).isPresent());
        if (used && !cluster.is(Mutant.A_CLUSTER_PAIR_IN_USE_IS_REMOVED)) throw new Refused("xClusterPairInUse");
        halves.remove(half.id);
        half.peer.ifPresent(peer -> peer.news.add(() -> of(peer).halves.values().stream().filter(h -> h.uuid.equals(half.uuid)).forEach(h -> h.orphaned = true)));
        return JSON.createObjectNode();
    }

    private JsonNode shown(Half half) {
        boolean late = half.polls++ < 2 || cluster.is(Mutant.THE_CLUSTERS_NEVER_CONNECT);
        String status = half.peer.isEmpty() ? "Unconfigured" : half.orphaned || late ? "Misconfigured" : "Connected";
        ObjectNode shown = JSON.createObjectNode().put("clusterName", half.peer.map(c -> c.name).orElse(""))
            .put("clusterPairID", half.id).put("clusterPairUUID", half.uuid).put("clusterUUID", half.peer.map(c -> c.uniqueId).orElse(""))
            .put("latency", half.polls).put("mvip", half.peer.map(c -> c.mvip).orElse("")).put("status", status).put("version", "12.5.0.897");
        if (cluster.is(Mutant.THE_PARTNER_HAS_A_NUMBER_FOR_A_NAME)) shown.put("clusterUUID", 7);
        if (cluster.is(Mutant.THE_PASSWORD_IS_SHOWN)) shown.put("version", read(half.key).path("password").asText());
        return shown;
    }

    // ---- volume pairs ----

    private JsonNode start(JsonNode p) {
        FakeVolume v = cluster.active(p);
        if (v.end.isPresent()) throw new Refused("xVolumeAlreadyPaired");
        String uuid = UUID.randomUUID().toString();
        String key = hex(JSON.createObjectNode().put("mvip", cluster.mvip).put("volumeID", v.id).put("volumeName", v.name).put("volumePairUUID", uuid));
        v.end = Optional.of(new End(uuid, key, p.path("mode").asText()));
        return JSON.createObjectNode().put("volumePairingKey", key);
    }

    private JsonNode complete(JsonNode p) {
        FakeVolume v = cluster.active(p);
        if (v.end.isPresent()) throw new Refused("xVolumeAlreadyPaired");
        String key = p.path("volumePairingKey").asText();
        JsonNode said = read(key);
        if (!said.has("volumePairUUID")) throw new Refused("xInvalidPairingKey");
        Half link = halves.values().stream().filter(h -> !h.orphaned && h.peer.filter(c -> c.mvip.equals(said.path("mvip").asText())).isPresent())
            .findFirst().orElseThrow(() -> new Refused("xMVIPNotPaired"));
        FakeCluster starter = link.peer.orElseThrow();
        Optional<FakeVolume> there = starter.volumes.values().stream().filter(w -> !w.deleted && w.end.filter(e ->
            (e.partner == 0 || cluster.is(Mutant.A_VOLUME_KEY_SERVES_TWICE)) && serves(e.key, e.uuid, key, said.path("volumePairUUID"))).isPresent()).findFirst();
        if (there.isEmpty()) {
            if (cluster.is(Mutant.A_REFUSED_PAIRING_LEAVES_A_PENDING_PAIR)) v.end = Optional.of(new End(UUID.randomUUID().toString(), "", "Async"));
            throw new Refused("xInvalidPairingKey");
        }
        join(v, link, there.get());
        return JSON.createObjectNode();
    }

    private void join(FakeVolume here, Half link, FakeVolume there) {
        End offer = there.end.orElseThrow();
        End end = new End(offer.uuid, "", offer.mode);
        end.clusterPair = link.id;
        end.partner = there.id;
        offer.partner = here.id;
        offer.severed = false;
        offer.clusterPair = of(link.peer.orElseThrow()).halves.values().stream().filter(h -> h.uuid.equals(link.uuid)).findFirst().map(h -> h.id).orElse(0L);
        here.end = Optional.of(end);
        unsettle(here);
    }

    private JsonNode modify(JsonNode p) {
        FakeVolume v = cluster.any(p);
        End end = v.end.orElseThrow(() -> new Refused("xVolumeNotPaired"));
        if (p.has("pausedManual")) end.paused = p.path("pausedManual").booleanValue();
        if (p.has("mode")) {
            end.mode = p.path("mode").asText();
            partner(end).flatMap(w -> w.end).ifPresent(e -> e.mode = end.mode);
        }
        unsettle(v);
        return JSON.createObjectNode();
    }

    private JsonNode remove(JsonNode p) {
        FakeVolume v = cluster.any(p);
        if (v.end.isEmpty() && cluster.is(Mutant.AN_UNPAIRED_VOLUME_CANNOT_BE_UNPAIRED)) throw new Refused("xVolumeNotPaired");
        v.end.ifPresent(e -> {
            if (cluster.is(Mutant.REMOVAL_REMOVES_BOTH_ENDS)) partner(e).ifPresent(w -> w.end = Optional.empty());
            else tellSevered(e);
        });
        v.end = Optional.empty();
        return JSON.createObjectNode();
    }

    /** The partner hears later that this end is gone. */
    void tellSevered(End gone) {
        if (gone.partner == 0 || cluster.is(Mutant.REMOVAL_IS_NEVER_HEARD_OF)) return;
        peer().ifPresent(c -> c.news.add(() -> c.volumes.values().stream().flatMap(w -> w.end.stream())
            .filter(e -> e.uuid.equals(gone.uuid)).forEach(e -> e.severed = true)));
    }

    private Optional<FakeCluster> peer() {
        return halves.values().stream().filter(h -> !h.orphaned).flatMap(h -> h.peer.stream()).findFirst();
    }

    private Optional<FakeVolume> partner(End end) {
        return peer().flatMap(c -> c.volumes.values().stream().filter(w -> w.end.filter(e -> e.uuid.equals(end.uuid)).isPresent()).findFirst());
    }

    /** Both ends resume from the beginning. */
    void unsettle(FakeVolume v) {
        v.end.ifPresent(e -> {
            e.polls = 0;
            partner(e).flatMap(w -> w.end).ifPresent(o -> o.polls = 0);
        });
    }

    JsonNode shown(FakeVolume v, End end) {
        String state = state(v, end);
        end.last = state;
        String snapshots = state.startsWith("Paused") ? state : "Idle";
        ObjectNode pair = JSON.createObjectNode().put("clusterPairID", end.clusterPair).put("remoteSliceID", end.partner).put("remoteVolumeID", end.partner)
            .put("remoteVolumeName", partner(end).map(w -> w.name).orElse("")).put("volumePairUUID", end.uuid);
        ObjectNode replication = pair.putObject("remoteReplication").put("mode", end.mode).put("pauseLimit", 3_145_728_000L).put("remoteServiceID", end.partner)
            .put("resumeDetails", "").put("state", state).put("stateDetails", "");
        replication.putObject("snapshotReplication").put("state", snapshots).put("stateDetails", "");
        return pair;
    }

    private String state(FakeVolume v, End end) {
        if (end.severed) return "StoppedMisconfigured";
        if (end.partner == 0) return "Unconfigured";
        Optional<FakeVolume> partner = partner(end);
        if (partner.isEmpty()) return end.last;
        FakeVolume there = partner.get();
        if (end.paused) return cluster.is(Mutant.A_PAIR_BECOMES_UNCONFIGURED_AGAIN) ? "Unconfigured" : "PausedManual";
        if (there.end.filter(e -> e.paused).isPresent()) return "PausedManualRemote";
        boolean gone = (v.deleted || there.deleted) && !cluster.is(Mutant.A_DELETED_PARTNER_STAYS_ACTIVE);
        boolean source = v.access.equals("readWrite") && there.access.equals("replicationTarget");
        boolean target = v.access.equals("replicationTarget") && there.access.equals("readWrite");
        if (gone || !source && !target) return "PausedMisconfigured";
        if (source && there.bytes < v.bytes || target && v.bytes < there.bytes) return "PausedVolumeSizeMismatch";
        if (end.mode.equals("SnapshotsOnly")) return "Idle";
        if (end.polls++ >= RESUMING.size()) return "Active";
        return cluster.is(Mutant.A_STATE_THAT_NOTHING_EXPLAINS) ? "PausedQoS" : RESUMING.get(end.polls - 1);
    }

    private static String hex(ObjectNode members) { return HexFormat.of().formatHex(members.toString().getBytes(StandardCharsets.UTF_8)); }

    private static JsonNode read(String key) {
        try {
            return Objects.requireNonNullElse(JSON.readTree(new String(HexFormat.of().parseHex(key), StandardCharsets.UTF_8)), MissingNode.getInstance());
        } catch (IOException | IllegalArgumentException noKey) {
            return MissingNode.getInstance();
        }
    }
}
