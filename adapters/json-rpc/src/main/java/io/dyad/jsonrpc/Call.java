package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.domain.AccountId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Refusal;
import io.dyad.domain.VolumeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    VolumeId volumeId() { return volumeId(integer("volumeID")); }

    static VolumeId volumeId(long id) {
        if (id < 1) throw ApiException.of(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id);
        return new VolumeId(id);
    }

    /** The volumes of a list; none, where it is absent. */
    List<VolumeId> volumeIds(String name) {
        List<VolumeId> ids = new ArrayList<>();
        param(name).ifPresent(list -> list.forEach(id -> ids.add(volumeId(id.longValue()))));
        return ids;
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        param(name).ifPresent(list -> list.forEach(text -> texts.add(text.textValue())));
        return texts;
    }

    Set<Long> ids(String name) {
        Set<Long> ids = new LinkedHashSet<>();
        param(name).ifPresent(list -> list.forEach(id -> ids.add(id.longValue())));
        return ids;
    }

    Optional<AccountId> accountId() { return param("accountID").map(id -> accountId(id.longValue())); }

    static AccountId accountId(long id) {
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
