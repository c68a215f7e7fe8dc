package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Admins.AdminChange;
import io.dyad.cluster.Admins.AdminInfo;
import io.dyad.cluster.Admins.NewAdmin;
import io.dyad.cluster.Cluster;
import io.dyad.domain.AdminId;
import io.dyad.domain.Refusal;
import io.dyad.jsonrpc.MethodTable.Method;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The methods of cluster admins. */
final class AdminMethods {
    private final Cluster cluster;

    AdminMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "GetCurrentClusterAdmin", this::current,
            "ListClusterAdmins", call -> list(),
            "AddClusterAdmin", this::add,
            "ModifyClusterAdmin", this::modify,
            "RemoveClusterAdmin", this::remove,
            "GetLoginSessionInfo", call -> session());
    }

    private ObjectNode current(Call call) {
        AdminInfo caller = cluster.admins().all().stream().filter(a -> a.username().equals(call.cause().who())).findFirst()
            .orElseThrow(() -> ApiException.of(Refusal.ADMIN_DOES_NOT_EXIST, "it was removed meanwhile"));
        return Json.object().set("clusterAdmin", json(caller));
    }

    private ObjectNode list() {
        ObjectNode result = Json.object();
        var admins = result.putArray("clusterAdmins");
        cluster.admins().all().forEach(a -> admins.add(json(a)));
        return result;
    }

    private ObjectNode add(Call call) {
        if (!call.flag("acceptEula").orElse(false)) throw ApiException.of("xEulaNotAccepted", Map.of("problem", "acceptEula is false"));
        var admin = new NewAdmin(call.text("username"), access(call.required("access")), call.attributes().orElse(Map.of()));
        if (admin.username().contains(":")) throw ApiException.of(Refusal.INVALID_PARAMETER, "username: has a colon, with which nobody could log in");
        return Json.object().put("clusterAdminID", cluster.admins().add(admin, call.text("password").toCharArray(), call.cause()).value());
    }

    private ObjectNode modify(Call call) {
        var change = new AdminChange(call.param("password").map(p -> p.textValue().toCharArray()), call.param("access").map(AdminMethods::access), call.attributes());
        cluster.admins().modify(id(call), change, call.cause());
        return Json.object();
    }

    private ObjectNode remove(Call call) {
        cluster.admins().remove(id(call), call.cause());
        return Json.object();
    }

    private static ObjectNode session() {
        ObjectNode result = Json.object();
        result.putObject("loginSessionInfo").put("timeout", VolumeJson.clock(Duration.ofNanos(Logins.REMEMBERED_NS)));
        return result;
    }

    private static AdminId id(Call call) {
        long id = call.integer("clusterAdminID");
        if (id < 1) throw ApiException.of(Refusal.ADMIN_DOES_NOT_EXIST, "cluster admin " + id);
        return new AdminId(id);
    }

    private static Set<String> access(JsonNode lists) {
        Set<String> access = new LinkedHashSet<>();
        lists.forEach(list -> access.add(list.textValue()));
        return access;
    }

    private static ObjectNode json(AdminInfo admin) {
        ObjectNode json = Json.object().put("clusterAdminID", admin.id().value()).put("username", admin.username()).put("authMethod", "Cluster");
        var access = json.putArray("access");
        admin.access().stream().sorted().forEach(access::add);
        json.set("attributes", Json.tree(admin.attributes()));
        return json;
    }
}
