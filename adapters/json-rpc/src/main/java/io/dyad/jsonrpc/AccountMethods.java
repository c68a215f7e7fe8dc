package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.Cluster.AccountInfo;
import io.dyad.cluster.Cluster.NewAccount;
import io.dyad.jsonrpc.MethodTable.Method;
import java.util.Map;
import java.util.function.Predicate;

/** The methods of accounts. */
final class AccountMethods {
    private final Cluster cluster;

    AccountMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "AddAccount", this::add,
            "ListAccounts", this::list,
            "GetAccountByID", call -> one(account -> account.id().value() == call.integer("accountID")),
            "GetAccountByName", call -> one(account -> account.username().equals(call.text("username"))));
    }

    private ObjectNode add(Call call) {
        AccountInfo account = cluster.addAccount(new NewAccount(call.text("username"), call.param("initiatorSecret").map(JsonNode::textValue),
            call.param("targetSecret").map(JsonNode::textValue), call.attributes().orElse(Map.of())), call.cause());
        ObjectNode result = Json.object().put("accountID", account.id().value());
        result.set("account", json(account));
        return result;
    }

    private ObjectNode list(Call call) {
        ObjectNode result = Json.object();
        var accounts = result.putArray("accounts");
        call.page("startAccountID").cut(cluster.accounts(), account -> account.id().value()).forEach(a -> accounts.add(json(a)));
        return result;
    }

    private ObjectNode one(Predicate<AccountInfo> wanted) {
        AccountInfo account = cluster.accounts().stream().filter(wanted).findFirst()
            .orElseThrow(() -> ApiException.of("xUnknownAccount", Map.of()));
        ObjectNode result = Json.object();
        result.set("account", json(account));
        return result;
    }

    private static ObjectNode json(AccountInfo account) {
        ObjectNode json = Json.object().put("accountID", account.id().value()).put("username", account.username())
            .put("initiatorSecret", account.initiatorSecret()).put("targetSecret", account.targetSecret())
            .put("enableChap", true).put("status", "active").putNull("storageContainerID");
        json.set("attributes", Json.tree(account.attributes()));
        var volumes = json.putArray("volumes");
        account.volumes().forEach(id -> volumes.add(id.value()));
        return json;
    }
}
