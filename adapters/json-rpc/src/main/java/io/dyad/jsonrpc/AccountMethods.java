package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Accounts;
import io.dyad.cluster.Accounts.AccountChange;
import io.dyad.cluster.Accounts.AccountInfo;
import io.dyad.cluster.Accounts.ChapSecrets;
import io.dyad.cluster.Accounts.NewAccount;
import io.dyad.cluster.Cluster;
import io.dyad.domain.AccountId;
import io.dyad.jsonrpc.MethodTable.Method;
import java.util.Map;
import java.util.Optional;

/** The methods of accounts. */
final class AccountMethods {
    private final Cluster cluster;

    AccountMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "AddAccount", this::add,
            "ModifyAccount", this::modify,
            "RemoveAccount", this::remove,
            "ListAccounts", this::list,
            "GetAccountByID", call -> one(byId(call.integer("accountID"))),
            "GetAccountByName", call -> one(byName(call.text("username"))));
    }

    private ObjectNode add(Call call) {
        var account = new NewAccount(call.text("username"), secrets(call), call.attributes().orElse(Map.of()), call.flag("enableChap").orElse(true));
        AccountInfo made = accounts().add(account, call.cause());
        return Json.object().put("accountID", made.id().value()).set("account", json(made));
    }

    private ObjectNode modify(Call call) {
        Optional<String> status = call.param("status").map(JsonNode::textValue);
        if (status.filter("removed"::equals).isPresent()) throw ApiException.of("xInvalidParameter", Map.of("problem", "status: RemoveAccount removes an account"));
        var change = new AccountChange(call.param("username").map(JsonNode::textValue), status.map("locked"::equals), secrets(call), call.attributes(), call.flag("enableChap"));
        return Json.object().set("account", json(accounts().modify(call.accountId().orElseThrow(), change, call.cause())));
    }

    private ObjectNode remove(Call call) {
        accounts().remove(call.accountId().orElseThrow(), call.cause());
        return Json.object();
    }

    private ObjectNode list(Call call) {
        ObjectNode result = Json.object();
        var all = result.putArray("accounts");
        call.page("startAccountID").cut(accounts().all(), account -> account.id().value()).forEach(a -> all.add(json(a)));
        return result;
    }

    private Accounts accounts() { return cluster.accounts(); }

    private Optional<AccountInfo> byId(long id) { return id < 1 ? Optional.empty() : accounts().find(new AccountId(id)); }

    private Optional<AccountInfo> byName(String username) { return accounts().all().stream().filter(a -> a.username().equals(username)).findFirst(); }

    private static ObjectNode one(Optional<AccountInfo> account) {
        return Json.object().set("account", json(account.orElseThrow(() -> ApiException.of("xUnknownAccount", Map.of()))));
    }

    private static ChapSecrets secrets(Call call) {
        return new ChapSecrets(call.param("initiatorSecret").map(JsonNode::textValue), call.param("targetSecret").map(JsonNode::textValue));
    }

    private static ObjectNode json(AccountInfo account) {
        ObjectNode json = Json.object().put("accountID", account.id().value()).put("username", account.username())
            .put("initiatorSecret", account.initiatorSecret()).put("targetSecret", account.targetSecret())
            .put("enableChap", account.chap()).put("status", account.locked() ? "locked" : "active").putNull("storageContainerID");
        json.set("attributes", Json.tree(account.attributes()));
        var volumes = json.putArray("volumes");
        account.volumes().forEach(id -> volumes.add(id.value()));
        return json;
    }
}
