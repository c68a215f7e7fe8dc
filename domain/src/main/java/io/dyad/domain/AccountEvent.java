package io.dyad.domain;

import java.util.Map;

/** What happened to an account. */
public sealed interface AccountEvent extends Event {
    AccountId id();

    @Override default String aggregate() { return "account/" + id(); }

    record AccountAdded(AccountId id, String username, Map<String, Object> attributes) implements AccountEvent { }

    record AccountRemoved(AccountId id) implements AccountEvent { }
}
