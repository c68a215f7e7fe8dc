package io.dyad.testkit.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.Spec;
import io.dyad.spec.Validation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A strict cluster in memory: accounts, volumes and the table of methods; its partner hears of things a poll later. */
final class FakeCluster implements ElementEndpoint {
    /** A rule that says no. */
    static final class Refused extends RuntimeException {
        final transient ApiError error;

        Refused(String name) {
            error = new ApiError(name, Spec.load().error(name).message(Map.of("problem", "no")));
        }

        Refused(String name, String problem) { error = new ApiError(name, problem); }
    }

    static final ObjectMapper JSON = new ObjectMapper();
    final String name;
    final String mvip;
    final String uniqueId;
    final Mutant mutant;
    final Map<String, FakeCluster> network;
    final NavigableMap<Long, FakeVolume> volumes = new TreeMap<>();
    /** News from the partner, each read after one more listing. */
    final Deque<Runnable> news = new ArrayDeque<>();
    private final NavigableMap<Long, String> accounts = new TreeMap<>();
    private final String uuid = UUID.randomUUID().toString();
    private final FakePairing pairing = new FakePairing(this);
    private final Map<String, Function<JsonNode, JsonNode>> table = new HashMap<>();
    private long ids;

    FakeCluster(String name, String uniqueId, Mutant mutant, Map<String, FakeCluster> network) {
        this.name = name;
        this.uniqueId = uniqueId;
        this.mvip = "127.0.0." + (network.size() + 1);
        this.mutant = mutant;
        this.network = network;
        network.put(mvip, this);
        fillTable();
    }

    @Override public synchronized JsonNode call(String method, ObjectNode params) throws ApiError {
        Optional<MethodSpec> known = Spec.load().method(method, Spec.load().currentVersion());
        if (known.isEmpty()) throw new ApiError("xUnknownAPIMethod", "Unknown API method: " + method);
        return switch (Validation.check(known.get(), params, Spec.load().currentVersion())) {
            case Validation.Invalid invalid -> throw new ApiError(invalid.errorName(), invalid.message());
            case Validation.Valid valid -> run(method, valid.params());
        };
    }

    private JsonNode run(String method, ObjectNode params) throws ApiError {
        Function<JsonNode, JsonNode> row = table.get(method);
        if (row == null) throw new ApiError("xUnknownAPIMethod", "Unknown API method: " + method);
        try {
            return row.apply(params);
        } catch (Refused refused) {
            throw refused.error;
        }
    }

    FakePairing pairing() { return pairing; }

    boolean is(Mutant other) { return mutant == other; }

    long nextId() { return ++ids; }

    private void fillTable() {
        pairing.rows(table);
        table.put("GetClusterInfo", p -> clusterInfo());
        table.put("GetClusterVersionInfo", p -> versionInfo());
        table.put("GetLimits", p -> limits());
        table.put("GetAPI", p -> api());
        table.put("AddAccount", this::addAccount);
        table.put("ListAccounts", p -> list("accounts", accounts.keySet().stream().map(this::account)));
        table.put("GetAccountByID", p -> foundAccount(id -> id == p.path("accountID").longValue()));
        table.put("GetAccountByName", p -> foundAccount(id -> p.path("username").asText().equals(accounts.get(id))));
        table.put("CreateVolume", this::create);
        table.put("ModifyVolume", this::modify);
        table.put("DeleteVolume", this::delete);
        table.put("RestoreDeletedVolume", p -> { deleted(p).deleted = false; return JSON.createObjectNode(); });
        table.put("PurgeDeletedVolume", this::purge);
        table.put("ListVolumes", p -> { JsonNode all = listed(p, v -> passes(v, p)); hearNews(); return all; });
        table.put("ListActiveVolumes", p -> listed(p, v -> !v.deleted));
        table.put("ListActivePairedVolumes", p -> listed(p, v -> !v.deleted && v.end.isPresent()));
        table.put("ListVolumesForAccount", p -> {
            if (!accounts.containsKey(p.path("accountID").longValue())) throw new Refused("xAccountIDDoesNotExist");
            return listed(p, v -> v.account == p.path("accountID").longValue());
        });
        table.put("GetVolumeStats", this::stats);
    }

    private void hearNews() {
        if (!news.isEmpty()) news.removeFirst().run();
    }

    static ObjectNode list(String name, Stream<? extends JsonNode> entries) {
        ObjectNode result = JSON.createObjectNode();
        ArrayNode array = result.putArray(name);
        entries.forEach(array::add);
        return result;
    }

    FakeVolume active(JsonNode params) { return found(params, v -> !v.deleted); }

    FakeVolume any(JsonNode params) { return found(params, v -> true); }

    private FakeVolume deleted(JsonNode params) { return found(params, v -> v.deleted); }

    private FakeVolume found(JsonNode params, Predicate<FakeVolume> fits) {
        return Optional.ofNullable(volumes.get(params.path("volumeID").longValue())).filter(fits).orElseThrow(() -> new Refused("xVolumeIDDoesNotExist"));
    }

    private JsonNode create(JsonNode p) {
        if (!accounts.containsKey(p.path("accountID").longValue())) throw new Refused("xAccountIDDoesNotExist");
        FakeVolume v = new FakeVolume(nextId(), p.path("accountID").longValue(), p.path("name").asText(), p.path("totalSize").longValue(), p.path("access").asText());
        volumes.put(v.id, v);
        return JSON.createObjectNode().put("volumeID", v.id).<ObjectNode>set("curve", FakeVolume.curve()).set("volume", shown(v));
    }

    private JsonNode modify(JsonNode p) {
        FakeVolume v = active(p);
        long bytes = p.has("totalSize") ? FakeVolume.rounded(Math.max(1, p.path("totalSize").longValue())) : v.bytes;
        if (bytes < v.bytes && !is(Mutant.A_VOLUME_SHRINKS)) {
            if (is(Mutant.A_REFUSED_SHRINK_CHANGES_THE_ACCESS_OF_THE_OTHERS)) volumes.values().forEach(w -> w.access = "locked");
            throw new Refused("xVolumeShrinkProhibited");
        }
        v.bytes = bytes;
        if (p.has("access")) v.access = p.path("access").asText();
        if (p.has("access") && is(Mutant.ACCESS_ENDS_A_PAUSE)) v.end.ifPresent(e -> e.paused = false);
        pairing.unsettle(v);
        return JSON.createObjectNode().set("volume", shown(v));
    }

    private JsonNode delete(JsonNode p) {
        FakeVolume v = any(p);
        v.deleted = true;
        pairing.unsettle(v);
        return JSON.createObjectNode().set("volume", shown(v));
    }

    private JsonNode purge(JsonNode p) {
        FakeVolume v = deleted(p);
        volumes.remove(v.id);
        v.end.ifPresent(pairing::tellSevered);
        return JSON.createObjectNode();
    }

    private boolean passes(FakeVolume v, JsonNode p) {
        boolean paired = v.end.isPresent() && !(is(Mutant.PENDING_COUNTS_AS_UNPAIRED) && v.end.get().partner == 0);
        return (!p.has("isPaired") || p.path("isPaired").booleanValue() == paired)
            && (!p.has("volumeStatus") || p.path("volumeStatus").asText().equals(v.deleted ? "deleted" : "active"))
            && (!p.has("volumeName") || p.path("volumeName").asText().equals(v.name))
            && (!p.has("accounts") || holds(p.path("accounts"), v.account)) && (!p.has("volumeIDs") || holds(p.path("volumeIDs"), v.id));
    }

    private static boolean holds(JsonNode list, long id) { return Listing.each(list).anyMatch(n -> n.longValue() == id); }

    private JsonNode listed(JsonNode p, Predicate<FakeVolume> which) {
        return list("volumes", volumes.tailMap(p.path("startVolumeID").asLong(0)).values().stream().filter(which)
            .limit(p.path("limit").asLong(Long.MAX_VALUE)).map(this::shown));
    }

    private JsonNode shown(FakeVolume v) {
        ObjectNode shown = v.shown(uniqueId);
        v.end.ifPresent(e -> ((ArrayNode) shown.path("volumePairs")).add(pairing.shown(v, e)));
        return shown;
    }

    private JsonNode addAccount(JsonNode p) {
        if (accounts.containsValue(p.path("username").asText())) throw new Refused("xDuplicateUsername");
        long id = nextId();
        accounts.put(id, p.path("username").asText());
        return JSON.createObjectNode().put("accountID", id).set("account", account(id));
    }

    private JsonNode foundAccount(Predicate<Long> which) {
        long id = accounts.keySet().stream().filter(which).findFirst().orElseThrow(() -> new Refused("xUnknownAccount"));
        return JSON.createObjectNode().set("account", account(id));
    }

    private JsonNode account(long id) {
        ObjectNode account = JSON.createObjectNode().put("accountID", id).put("status", "active").put("username", accounts.get(id));
        LongStream owned = volumes.values().stream().filter(v -> v.account == id && !v.deleted).mapToLong(v -> v.id);
        owned.forEach(account.putArray("volumes")::add);
        return account;
    }

    private JsonNode stats(JsonNode p) {
        FakeVolume v = active(p);
        ObjectNode stats = JSON.createObjectNode().put("accountID", v.account).put("nonZeroBlocks", 0).put("readBytes", 0).put("readOps", 0)
            .put("timestamp", "2026-01-01T00:00:00Z").put("unalignedReads", 0).put("unalignedWrites", 0).put("volumeID", v.id)
            .put("volumeSize", v.bytes).put("writeBytes", 0).put("writeOps", 0).put("zeroBlocks", 0);
        stats.putArray("volumeAccessGroups");
        boolean delay = v.end.filter(e -> !e.mode.equals("SnapshotsOnly")).isPresent();
        return JSON.createObjectNode().set("volumeStats", delay ? stats.put("asyncDelay", "00:00:00.000000") : stats.putNull("asyncDelay"));
    }

    private JsonNode clusterInfo() {
        ObjectNode info = JSON.createObjectNode().put("defaultProtectionScheme", "doubleHelix").put("encryptionAtRestState", "disabled")
            .put("mvip", mvip).put("mvipNodeID", 1).put("name", name).put("repCount", 2).put("softwareEncryptionAtRestState", "disabled")
            .put("svip", mvip).put("svipNodeID", 1).put("uniqueID", uniqueId).put("uuid", uuid);
        info.putObject("attributes");
        info.putArray("ensemble");
        info.putArray("enabledProtectionSchemes").add("doubleHelix");
        info.putArray("supportedProtectionSchemes").add("doubleHelix");
        return JSON.createObjectNode().set("clusterInfo", info);
    }

    private static JsonNode versionInfo() {
        ObjectNode info = JSON.createObjectNode().put("clusterAPIVersion", "12.5").put("clusterVersion", "12.5.0.897");
        info.putArray("clusterVersionInfo").addObject().put("nodeID", 1).put("nodeInternalRevision", "1").put("nodeVersion", "12.5.0.897");
        info.putObject("softwareVersionInfo").put("currentVersion", "12.5.0.897").put("nodeID", 0).put("packageName", "").put("pendingVersion", "").put("startTime", "");
        return info;
    }

    private static JsonNode limits() {
        ObjectNode limits = JSON.createObjectNode();
        Spec.load().limits().values().forEach(l -> limits.put(l.name(), l.value()));
        return limits;
    }

    private static JsonNode api() {
        ObjectNode api = JSON.createObjectNode().put("currentVersion", Spec.load().currentVersion().toString());
        ArrayNode versions = api.putArray("supportedVersions");
        Spec.load().versions().forEach(v -> {
            versions.add(v.toString());
            ArrayNode methods = api.putArray(v.toString());
            Spec.load().methodsAt(v).forEach(m -> methods.add(m.name()));
        });
        return api;
    }
}
