package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.cluster.VolumeChange;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.Access;
import io.dyad.domain.Refusal;
import io.dyad.domain.Volume.Qos;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.MethodTable.Method;
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

    private final Cluster cluster;

    VolumeMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "CreateVolume", this::create,
            "ModifyVolume", this::modify,
            "DeleteVolume", this::delete,
            "RestoreDeletedVolume", this::restore,
            "PurgeDeletedVolume", this::purge,
            "ListVolumes", call -> list(call, wanted(call)),
            "ListActiveVolumes", call -> list(call, ACTIVE),
            "ListActivePairedVolumes", call -> list(call, ACTIVE.and(volume -> volume.pair().isPresent())),
            "ListVolumesForAccount", this::listForAccount,
            "GetVolumeStats", this::stats);
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

    private ObjectNode modify(Call call) {
        var change = new VolumeChange(access(call), call.param("totalSize").map(JsonNode::longValue), call.accountId(), qos(call), call.attributes());
        return one(cluster.modifyVolume(call.volumeId(), change, call.cause()));
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
        if (cluster.accounts().stream().noneMatch(account -> account.id().equals(owner))) {
            throw ApiException.of(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + owner);
        }
        return list(call, volume -> volume.volume().account().equals(owner));
    }

    private ObjectNode stats(Call call) {
        VolumeInfo volume = existing(call.volumeId());
        ObjectNode result = Json.object();
        result.set("volumeStats", VolumeJson.of(volume, cluster.stats(call.volumeId())));
        return result;
    }

    private ObjectNode list(Call call, Predicate<VolumeInfo> wanted) {
        ObjectNode result = Json.object();
        var volumes = result.putArray("volumes");
        var uniqueId = cluster.info().uniqueId();
        call.page("startVolumeID").cut(cluster.volumes().stream().filter(wanted).toList(), volume -> volume.volume().id().value())
            .forEach(volume -> volumes.add(VolumeJson.of(volume, uniqueId)));
        return result;
    }

    /** All filters of ListVolumes at once; an id that does not exist meets none, and an empty list wants nothing. */
    private static Predicate<VolumeInfo> wanted(Call call) {
        return only(call.param("volumeIDs").map(VolumeMethods::ids), (ids, v) -> ids.contains(v.volume().id().value()))
            .and(only(call.param("accounts").map(VolumeMethods::ids), (ids, v) -> ids.contains(v.volume().account().value())))
            .and(only(call.param("volumeName"), (name, v) -> v.volume().name().equals(name.textValue())))
            .and(only(call.param("volumeStatus"), (status, v) -> VolumeJson.status(v).equals(status.textValue())))
            .and(only(call.flag("isPaired"), (paired, v) -> v.pair().isPresent() == paired))
            .and(only(call.param("protectionSchemes"), (schemes, v) -> holds(schemes, ClusterMethods.PROTECTION_SCHEME)));
    }

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

    private ObjectNode json(VolumeInfo volume) { return VolumeJson.of(volume, cluster.info().uniqueId()); }

    private static Optional<Access> access(Call call) {
        return call.param("access").map(JsonNode::textValue).map(wire -> Access.ofWire(wire).orElseThrow());
    }

    /** What is absent of a quality of service takes the default. */
    private static Optional<Qos> qos(Call call) {
        return call.param("qos").map(qos -> new Qos(qos.path("minIOPS").asLong(Qos.DEFAULT.minIops()), qos.path("maxIOPS").asLong(Qos.DEFAULT.maxIops()),
            qos.path("burstIOPS").asLong(Qos.DEFAULT.burstIops()), Qos.DEFAULT.burstTimeSeconds()));
    }
}
