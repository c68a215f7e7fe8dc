package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.domain.AccountId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Refusal;
import io.dyad.domain.VolumeId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** A call that was let in: its params are valid and complete as the contract has it, in canonical form. */
record Call(ObjectNode params, Cause cause) {
    Optional<JsonNode> param(String name) { return Optional.ofNullable(params.get(name)); }

    JsonNode required(String name) {
        return param(name).orElseThrow(() -> new IllegalStateException("the contract does not require " + name));
    }

    String text(String name) { return required(name).textValue(); }

    long integer(String name) { return required(name).longValue(); }

    Page page(String startParam) {
        return new Page(param(startParam).map(JsonNode::longValue).orElse(0L), param("limit").map(JsonNode::longValue).orElse(Long.MAX_VALUE));
    }

    Optional<Boolean> flag(String name) { return param(name).map(JsonNode::booleanValue); }

    Optional<Map<String, Object>> attributes() { return param("attributes").map(Json::map); }

    VolumeId volumeId() {
        long id = integer("volumeID");
        if (id < 1) throw ApiException.of(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id);
        return new VolumeId(id);
    }

    Optional<AccountId> accountId() { return param("accountID").map(id -> accountId(id.longValue())); }

    private static AccountId accountId(long id) {
        if (id < 1) throw ApiException.of(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + id);
        return new AccountId(id);
    }

    /** The part of a list that is wanted: ids from {@code first} on, {@code most} entries, in order of their ids. */
    record Page(long first, long most) {
        <T> List<T> cut(List<T> all, ToLongFunction<T> id) {
            return all.stream().filter(each -> id.applyAsLong(each) >= first).sorted(Comparator.comparingLong(id)).limit(most).toList();
        }
    }
}
