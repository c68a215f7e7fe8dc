package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.cluster.VolumeChange;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.Job.Kind;
import io.dyad.domain.Job.Part;
import io.dyad.domain.Refusal;
import io.dyad.domain.Volume.Qos;
import io.dyad.domain.VolumeAccessGroup;
import io.dyad.domain.VolumeAccessGroupId;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.ListedVolumes.Shown;
import io.dyad.jsonrpc.MethodTable.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The methods of volumes. */
final class VolumeMethods {
    private static final Predicate<VolumeInfo> ACTIVE = volume -> volume.deletedAt().isEmpty();

    private static final int MOST_AT_ONCE = 500;

    private final Cluster cluster;
    private final ListedVolumes listed = new ListedVolumes(this::json);

    VolumeMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.ofEntries(
            Map.entry("CreateVolume", this::create),
            Map.entry("ModifyVolume", this::modify),
            Map.entry("ModifyVolumes", this::modifySome),
            Map.entry("DeleteVolume", this::delete),
            Map.entry("DeleteVolumes", this::deleteSome),
            Map.entry("RestoreDeletedVolume", this::restore),
            Map.entry("PurgeDeletedVolume", this::purge),
            Map.entry("PurgeDeletedVolumes", this::purgeSome),
            Map.entry("ListVolumes", call -> list(call, wanted(call))),
            Map.entry("ListActiveVolumes", call -> list(call, ACTIVE.and(Predicate.not(inTheMaking())))),
            Map.entry("ListDeletedVolumes", call -> list(call, ACTIVE.negate())),
            Map.entry("ListActivePairedVolumes", call -> list(call, ACTIVE.and(volume -> volume.pair().isPresent()))),
            Map.entry("ListVolumesForAccount", this::listForAccount),
            Map.entry("GetVolumeCount", call -> Json.object().put("count", cluster.volumes().size())));
    }

    private ObjectNode create(Call call) {
        VolumeInfo made = cluster.createVolume(new NewVolume(call.text("name"), call.accountId().orElseThrow(), call.integer("totalSize"),
            call.flag("enable512e").orElse(false), access(call).orElse(Access.READ_WRITE), qos(call).orElse(Qos.DEFAULT),
            call.attributes().orElse(Map.of())), call.cause());
        ObjectNode result = Json.object().put("volumeID", made.volume().id().value());
        result.set("curve", VolumeJson.curve());
        result.set("volume", json(made));
        return result;
    }

    private ObjectNode modify(Call call) { return one(cluster.modifyVolume(call.volumeId(), change(call), call.cause())); }

    private static VolumeChange change(Call call) {
        Optional<Qos> qos = call.param("qos").filter(said -> !said.isEmpty()).flatMap(said -> qos(call));     // an empty one, which cinder and Trident send with a size, changes nothing
        return new VolumeChange(access(call), call.param("totalSize").map(JsonNode::longValue), call.accountId(), qos, call.attributes());
    }

    private ObjectNode modifySome(Call call) {
        List<VolumeInfo> changed = cluster.modifyVolumes(named(call), change(call), call.cause());
        Qos now = changed.stream().map(v -> v.volume().qos()).findFirst().or(() -> qos(call)).orElse(Qos.DEFAULT);
        return some(Json.object().set("qos", VolumeJson.qos(now)), changed);
    }

    /** All of them exist, or none is deleted. */
    private ObjectNode deleteSome(Call call) {
        List<VolumeId> ids = chosen(call, ACTIVE);
        ids.forEach(id -> cluster.deleteVolume(id, call.cause()));
        return some(Json.object(), ids.stream().map(this::existing).toList());
    }

    private ObjectNode purgeSome(Call call) {
        chosen(call, ACTIVE.negate()).forEach(id -> cluster.purgeVolume(id, call.cause()));
        return Json.object();
    }

    private ObjectNode some(ObjectNode result, List<VolumeInfo> volumes) {
        var list = result.putArray("volumes");
        var groups = cluster.accessGroups().byVolume();
        Predicate<VolumeInfo> making = inTheMaking();
        volumes.forEach(v -> listed.add(list, new Shown(v, groups.getOrDefault(v.volume().id(), List.of()), status(v, making))));
        return result;
    }

    private static List<VolumeId> named(Call call) {
        List<VolumeId> ids = call.volumeIds("volumeIDs").stream().distinct().toList();
        if (ids.size() > MOST_AT_ONCE) throw ApiException.of(Refusal.EXCEEDED_LIMIT, "at most " + MOST_AT_ONCE + " volumes at once");
        return ids;
    }

    /** The volumes named, and those of the accounts and of the access groups that are as wanted. */
    private List<VolumeId> chosen(Call call, Predicate<VolumeInfo> wanted) {
        Set<VolumeId> chosen = new LinkedHashSet<>(named(call));
        chosen.stream().map(this::existing).filter(wanted.negate()).findFirst()
            .ifPresent(v -> { throw ApiException.of(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + v.volume().id() + " is " + VolumeJson.status(v)); });
        List<AccountId> owners = call.ids("accountIDs").stream().map(Call::accountId).peek(this::require).toList();
        List<VolumeAccessGroup> groups = call.ids("volumeAccessGroupIDs").stream().map(this::group).toList();
        cluster.volumes().stream().filter(wanted).filter(v -> owners.contains(v.volume().account()) || groups.stream().anyMatch(g -> g.has(v.volume().id())))
            .forEach(v -> chosen.add(v.volume().id()));
        return List.copyOf(chosen);
    }

    private VolumeAccessGroup group(long id) {
        return Optional.of(id).filter(n -> n > 0).flatMap(n -> cluster.accessGroups().find(new VolumeAccessGroupId(n))).orElseThrow(() -> AccessGroupMethods.missing(id));
    }

    private void require(AccountId owner) {
        if (cluster.accounts().find(owner).isEmpty()) throw ApiException.of(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + owner);
    }

    private ObjectNode delete(Call call) {
        cluster.deleteVolume(call.volumeId(), call.cause());
        return one(existing(call.volumeId()));
    }

    private ObjectNode restore(Call call) {
        cluster.restoreVolume(call.volumeId(), call.cause());
        return Json.object();
    }

    private ObjectNode purge(Call call) {
        cluster.purgeVolume(call.volumeId(), call.cause());
        return Json.object();
    }

    private ObjectNode listForAccount(Call call) {
        var owner = call.accountId().orElseThrow();
        require(owner);
        return list(call, volume -> volume.volume().account().equals(owner));
    }

    private ObjectNode list(Call call, Predicate<VolumeInfo> wanted) {
        List<VolumeInfo> all = cluster.volumes();
        listed.forgetAllBut(all);
        return some(Json.object(), call.page("startVolumeID").cut(all.stream().filter(wanted).toList(), volume -> volume.volume().id().value()));
    }

    /** All filters of ListVolumes at once; an id that does not exist meets none, and an empty list wants nothing. */
    private Predicate<VolumeInfo> wanted(Call call) {
        Predicate<VolumeInfo> making = inTheMaking();
        return only(call.param("volumeIDs").map(VolumeMethods::ids), (ids, v) -> ids.contains(v.volume().id().value()))
            .and(only(call.param("accounts").map(VolumeMethods::ids), (ids, v) -> ids.contains(v.volume().account().value())))
            .and(only(call.param("volumeName"), (name, v) -> v.volume().name().equals(name.textValue())))
            .and(only(call.param("volumeStatus"), (status, v) -> status(v, making).equals(status.textValue())))
            .and(only(call.flag("isPaired"), (paired, v) -> v.pair().isPresent() == paired))
            .and(only(call.param("protectionSchemes"), (schemes, v) -> holds(schemes, ClusterMethods.PROTECTION_SCHEME)));
    }

    /** Clones that are not whole yet. */
    private Predicate<VolumeInfo> inTheMaking() {
        Set<VolumeId> targets = cluster.jobs().all().stream().filter(j -> j.job().kind() == Kind.CLONE && j.outcome().isEmpty())
            .flatMap(j -> j.job().parts().stream()).map(Part::target).collect(Collectors.toUnmodifiableSet());
        return volume -> targets.contains(volume.volume().id());
    }

    private static String status(VolumeInfo volume, Predicate<VolumeInfo> making) { return making.test(volume) ? "init" : VolumeJson.status(volume); }

    private static <T> Predicate<VolumeInfo> only(Optional<T> asked, BiPredicate<T, VolumeInfo> meets) {
        return volume -> asked.isEmpty() || meets.test(asked.get(), volume);
    }

    private static Set<Long> ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::longValue).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean holds(JsonNode array, String text) {
        return StreamSupport.stream(array.spliterator(), false).anyMatch(each -> each.textValue().equals(text));
    }

    private VolumeInfo existing(VolumeId id) {
        return cluster.volume(id).orElseThrow(() -> ApiException.of(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id));
    }

    private ObjectNode one(VolumeInfo volume) {
        ObjectNode result = Json.object();
        result.set("volume", json(volume));
        return result;
    }

    private ObjectNode json(VolumeInfo volume) {
        return json(new Shown(volume, cluster.accessGroups().byVolume().getOrDefault(volume.volume().id(), List.of()), VolumeJson.status(volume)));
    }

    private ObjectNode json(Shown shown) { return VolumeJson.of(shown.info(), cluster.info().uniqueId(), shown.groups()).put("status", shown.status()); }

    private static Optional<Access> access(Call call) {
        return call.param("access").map(JsonNode::textValue).map(wire -> Access.ofWire(wire).orElseThrow());
    }

    /** What is absent of a quality of service takes the default. */
    private static Optional<Qos> qos(Call call) {
        return call.param("qos").map(qos -> new Qos(qos.path("minIOPS").asLong(Qos.DEFAULT.minIops()), qos.path("maxIOPS").asLong(Qos.DEFAULT.maxIops()),
            qos.path("burstIOPS").asLong(Qos.DEFAULT.burstIops()), Qos.DEFAULT.burstTimeSeconds()));
    }
}
