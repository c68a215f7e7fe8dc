package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.SnapshotInfo;
import io.dyad.domain.Refusal;
import io.dyad.domain.Snapshot.Group;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.MethodTable.Method;
import io.dyad.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The methods of group snapshots: one cut over several volumes. */
final class GroupSnapshotMethods {
    private final Cluster cluster;

    GroupSnapshotMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "CreateGroupSnapshot", this::create,
            "ListGroupSnapshots", this::list,
            "ModifyGroupSnapshot", this::modify,
            "DeleteGroupSnapshot", this::delete,
            "RollbackToGroupSnapshot", this::rollback);
    }

    private ObjectNode create(Call call) {
        List<VolumeId> volumes = call.volumeIds("volumes").stream().distinct().toList();
        if (volumes.isEmpty()) throw ApiException.of(Refusal.INVALID_PARAMETER, "volumes: a group has at least one volume");
        long most = Spec.load().limit("volumesPerGroupSnapshotMax");
        if (volumes.size() > most) throw ApiException.of(Refusal.EXCEEDED_LIMIT, "at most " + most + " volumes in a group snapshot");
        return whole(cluster.snapshots().takeGroup(volumes, SnapshotTerms.of(call), call.flag("ensureSerialCreation").orElse(false), call.cause()));
    }

    private static ObjectNode whole(List<SnapshotInfo> members) {
        ObjectNode result = Json.object().put("groupSnapshotID", members.getFirst().snapshot().group().orElseThrow().id());
        result.set("groupSnapshot", SnapshotJson.group(members));
        SnapshotJson.members(result.putArray("members"), members);
        return result;
    }

    private Map<Long, List<SnapshotInfo>> groups() {
        return cluster.snapshots().all().stream().filter(s -> s.snapshot().group().isPresent())
            .collect(Collectors.groupingBy(s -> s.snapshot().group().map(Group::id).orElseThrow(), TreeMap::new, Collectors.toList()));
    }

    /** The members of a group that exists. */
    static List<SnapshotInfo> members(Cluster cluster, long id) {
        List<SnapshotInfo> members = cluster.snapshots().all().stream().filter(s -> s.snapshot().group().filter(g -> g.id() == id).isPresent()).toList();
        if (members.isEmpty()) throw ApiException.of(Refusal.GROUP_SNAPSHOT_DOES_NOT_EXIST, "group snapshot " + id);
        return members;
    }

    private ObjectNode list(Call call) {
        call.param("groupSnapshotID").ifPresent(id -> members(cluster, id.longValue()));
        Set<Long> volumes = call.ids("volumes");
        ObjectNode result = Json.object();
        ArrayNode groups = result.putArray("groupSnapshots");
        groups().forEach((id, members) -> {
            boolean asked = call.param("groupSnapshotID").map(one -> one.longValue() == id).orElse(true)
                && (volumes.isEmpty() || members.stream().anyMatch(m -> volumes.contains(m.snapshot().volume().value())));
            if (asked) groups.add(SnapshotJson.group(members));
        });
        return result;
    }

    private ObjectNode modify(Call call) {
        long id = call.integer("groupSnapshotID");
        members(cluster, id);
        ObjectNode result = Json.object();
        result.set("groupSnapshot", SnapshotJson.group(cluster.snapshots().modifyGroup(id, SnapshotTerms.change(call), call.cause())));
        return result;
    }

    private ObjectNode delete(Call call) {
        members(cluster, call.integer("groupSnapshotID"));
        cluster.snapshots().deleteGroup(call.integer("groupSnapshotID"), call.flag("saveMembers").orElse(false), call.cause());
        return Json.object();
    }

    private ObjectNode rollback(Call call) {
        List<SnapshotInfo> to = members(cluster, call.integer("groupSnapshotID"));
        List<VolumeId> volumes = to.stream().map(m -> m.snapshot().volume()).toList();
        ObjectNode result = call.flag("saveCurrentState").orElse(false)
            ? whole(cluster.snapshots().takeGroup(volumes, SnapshotMethods.saved(call, to.getFirst()), false, call.cause())) : Json.object();
        SnapshotMethods.rolledBack(cluster, to.stream().map(m -> m.snapshot().id()).toList(), call);
        return result;
    }
}
