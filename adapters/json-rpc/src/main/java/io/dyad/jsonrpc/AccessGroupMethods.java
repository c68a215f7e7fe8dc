package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.VolumeAccessGroups;
import io.dyad.domain.AccessGroupsCommand;
import io.dyad.domain.AccessGroupsCommand.AddToGroup;
import io.dyad.domain.AccessGroupsCommand.AssignLuns;
import io.dyad.domain.AccessGroupsCommand.CreateGroup;
import io.dyad.domain.AccessGroupsCommand.DeleteGroup;
import io.dyad.domain.AccessGroupsCommand.ModifyGroup;
import io.dyad.domain.AccessGroupsCommand.TakeFromGroup;
import io.dyad.domain.Refusal;
import io.dyad.domain.VolumeAccessGroup;
import io.dyad.domain.VolumeAccessGroup.Lun;
import io.dyad.domain.VolumeAccessGroupId;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.MethodTable.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods of volume access groups. */
final class AccessGroupMethods {
    private final Cluster cluster;

    AccessGroupMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "CreateVolumeAccessGroup", this::create,
            "ListVolumeAccessGroups", this::list,
            "ModifyVolumeAccessGroup", call -> changed(call, new ModifyGroup(id(call), change(call), orphans(call))),
            "AddVolumesToVolumeAccessGroup", call -> changed(call, new AddToGroup(id(call), List.of(), call.volumeIds("volumes"))),
            "AddInitiatorsToVolumeAccessGroup", call -> changed(call, new AddToGroup(id(call), call.texts("initiators"), List.of())),
            "RemoveVolumesFromVolumeAccessGroup", call -> changed(call, new TakeFromGroup(id(call), List.of(), call.volumeIds("volumes"), true)),
            "RemoveInitiatorsFromVolumeAccessGroup", call -> changed(call, new TakeFromGroup(id(call), call.texts("initiators"), List.of(), orphans(call))),
            "GetVolumeAccessGroupLunAssignments", call -> luns(existing(id(call))),
            "ModifyVolumeAccessGroupLunAssignments", this::assign,
            "DeleteVolumeAccessGroup", this::delete);
    }

    private VolumeAccessGroups groups() { return cluster.accessGroups(); }

    private ObjectNode create(Call call) {
        var id = groups().create(new CreateGroup(call.text("name"), call.texts("initiators"), call.volumeIds("volumes"), call.attributes().orElse(Map.of())), call.cause());
        return Json.object().put("volumeAccessGroupID", id.value()).set("volumeAccessGroup", json(existing(id)));
    }

    /** Either a page of them, or those of these ids. */
    private ObjectNode list(Call call) {
        ObjectNode result = Json.object();
        var found = result.putArray("volumeAccessGroups");
        var missing = result.putArray("volumeAccessGroupsNotFound");
        if (call.param("volumeAccessGroups").isEmpty()) {
            call.page("startVolumeAccessGroupID").cut(groups().all(), g -> g.id().value()).forEach(g -> found.add(json(g)));
        } else {
            Set<Long> wanted = call.ids("volumeAccessGroups");
            List<VolumeAccessGroup> all = groups().all().stream().filter(g -> wanted.contains(g.id().value())).toList();
            all.forEach(g -> found.add(json(g)));
            wanted.stream().filter(id -> all.stream().noneMatch(g -> g.id().value() == id)).sorted().forEach(missing::add);
        }
        return result;
    }

    private static VolumeAccessGroup.Change change(Call call) {
        return new VolumeAccessGroup.Change(call.param("name").map(JsonNode::textValue), call.param("initiators").map(i -> call.texts("initiators")),
            call.param("volumes").map(v -> call.volumeIds("volumes")), call.attributes());
    }

    private ObjectNode changed(Call call, AccessGroupsCommand change) {
        groups().change(change, call.cause());
        return Json.object().set("volumeAccessGroup", json(existing(id(call))));
    }

    private ObjectNode assign(Call call) {
        List<Lun> luns = new ArrayList<>();
        call.required("lunAssignments").forEach(l -> luns.add(new Lun(Call.volumeId(l.get("volumeID").longValue()), lun(l.get("lun").longValue()))));
        groups().change(new AssignLuns(id(call), luns), call.cause());
        return luns(existing(id(call)));
    }

    /** One that fits no int is beyond every LUN. */
    private static int lun(long number) { return Math.clamp(number, -1, Integer.MAX_VALUE); }

    private ObjectNode delete(Call call) {
        groups().change(new DeleteGroup(id(call), orphans(call)), call.cause());
        return Json.object();
    }

    private static boolean orphans(Call call) { return call.flag("deleteOrphanInitiators").orElse(true); }

    private static VolumeAccessGroupId id(Call call) {
        long id = call.integer("volumeAccessGroupID");
        if (id < 1) throw missing(id);
        return new VolumeAccessGroupId(id);
    }

    static ApiException missing(long id) { return ApiException.of(Refusal.ACCESS_GROUP_DOES_NOT_EXIST, "volume access group " + id); }

    private VolumeAccessGroup existing(VolumeAccessGroupId id) { return groups().find(id).orElseThrow(() -> missing(id.value())); }

    private boolean deleted(VolumeId volume) { return cluster.volume(volume).filter(v -> v.deletedAt().isPresent()).isPresent(); }

    private ObjectNode json(VolumeAccessGroup group) {
        ObjectNode json = Json.object().put("volumeAccessGroupID", group.id().value()).put("name", group.name());
        var numbers = json.putArray("initiatorIDs");
        var initiators = json.putArray("initiators");
        group.initiators().forEach(i -> {
            numbers.add(groups().initiatorNumber(i));
            initiators.add(i);
        });
        var volumes = json.putArray("volumes");
        var deleted = json.putArray("deletedVolumes");
        group.volumes().stream().sorted().forEach(v -> (deleted(v) ? deleted : volumes).add(v.value()));
        json.set("attributes", Json.tree(group.attributes()));
        return json;
    }

    private ObjectNode luns(VolumeAccessGroup group) {
        ObjectNode result = Json.object();
        ObjectNode json = result.putObject("volumeAccessGroupLunAssignments").put("volumeAccessGroupID", group.id().value());
        var present = json.putArray("lunAssignments");
        var deleted = json.putArray("deletedLunAssignments");
        group.luns().forEach(l -> (deleted(l.volume()) ? deleted : present).addObject().put("volumeID", l.volume().value()).put("lun", l.number()));
        return result;
    }
}
