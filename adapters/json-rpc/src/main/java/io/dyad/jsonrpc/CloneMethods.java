package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.JobInfo;
import io.dyad.cluster.NewClone;
import io.dyad.cluster.SnapshotInfo;
import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.Job.Part;
import io.dyad.domain.JobId;
import io.dyad.domain.Refusal;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.MethodTable.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The methods that make volumes of others, or replace their content. A clone's id is its asyncHandle. */
final class CloneMethods {
    private final Cluster cluster;

    CloneMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "CloneVolume", this::cloneOne,
            "CloneMultipleVolumes", this::cloneMany,
            "CopyVolume", this::copy,
            "CancelClone", this::cancel);
    }

    private ObjectNode cloneOne(Call call) {
        NewClone wanted = new NewClone(call.volumeId(), snapshot(call), call.param("name").map(JsonNode::textValue), account(call.param("newAccountID")), size(call.param("newSize")),
            access(call.param("access")), call.attributes(), call.flag("enable512e"));
        JobInfo job = cluster.jobs().clone(List.of(wanted), call.cause());
        VolumeId made = job.job().parts().getFirst().target();
        ObjectNode result = Json.object().put("asyncHandle", job.job().id().value()).put("cloneID", job.job().id().value()).put("volumeID", made.value());
        result.set("curve", VolumeJson.curve());
        cluster.volume(made).ifPresent(v -> result.set("volume", VolumeJson.of(v, cluster.info().uniqueId(), List.of()).put("status", "init")));
        return result;
    }

    private ObjectNode cloneMany(Call call) {
        List<NewClone> wanted = new ArrayList<>();
        for (JsonNode each : call.required("volumes")) {
            VolumeId source = Call.volumeId(each.path("volumeID").longValue());
            Optional<AccountId> account = account(member(each, "newAccountID").or(() -> call.param("newAccountID")));
            wanted.add(new NewClone(source, inGroup(call, source), member(each, "name").map(JsonNode::textValue), account, size(member(each, "newSize")),
                access(member(each, "access").or(() -> call.param("access"))), member(each, "attributes").map(Json::map), Optional.empty()));
        }
        if (wanted.isEmpty()) throw ApiException.of(Refusal.INVALID_PARAMETER, "volumes: nothing is to be cloned");
        JobInfo job = cluster.jobs().clone(wanted, call.cause());
        ObjectNode result = Json.object().put("asyncHandle", job.job().id().value()).put("groupCloneID", job.job().id().value());
        ArrayNode members = result.putArray("members");
        for (Part part : job.job().parts()) members.addObject().put("srcVolumeID", part.source().value()).put("volumeID", part.target().value());
        return result;
    }

    private Optional<SnapshotId> inGroup(Call call, VolumeId source) {
        return call.param("groupSnapshotID").map(id -> GroupSnapshotMethods.members(cluster, id.longValue()).stream().map(SnapshotInfo::snapshot)
            .filter(s -> s.volume().equals(source)).findFirst()
            .orElseThrow(() -> ApiException.of(Refusal.SNAPSHOT_DOES_NOT_EXIST, "group snapshot " + id + " holds none of volume " + source)).id());
    }

    private ObjectNode copy(Call call) {
        JobInfo job = cluster.jobs().copy(call.volumeId(), snapshot(call), Call.volumeId(call.integer("dstVolumeID")), call.cause());
        return Json.object().put("asyncHandle", job.job().id().value()).put("cloneID", job.job().id().value());
    }

    private ObjectNode cancel(Call call) {
        long id = call.integer("cloneID");
        if (id < 1) throw ApiException.of(Refusal.CLONE_DOES_NOT_EXIST, "clone " + id);
        cluster.jobs().cancel(new JobId(id), call.cause());
        return Json.object();
    }

    private static Optional<SnapshotId> snapshot(Call call) { return call.param("snapshotID").map(JsonNode::longValue).map(SnapshotMethods::snapshotId); }

    private static Optional<JsonNode> member(JsonNode object, String name) { return Optional.ofNullable(object.get(name)).filter(v -> !v.isNull()); }

    private static Optional<AccountId> account(Optional<JsonNode> id) { return id.map(n -> Call.accountId(n.longValue())); }

    private static Optional<Long> size(Optional<JsonNode> bytes) { return bytes.map(JsonNode::longValue); }

    private static Optional<Access> access(Optional<JsonNode> word) { return word.map(w -> Access.ofWire(w.textValue()).orElseThrow()); }
}
