package io.dyad.domain;

import java.util.Map;

/** What happened to an account. */
public sealed interface AccountEvent extends Event {
    AccountId id();

    @Override default String aggregate() { return "account/" + id(); }

    record AccountAdded(AccountId id, String username, Map<String, Object> attributes) implements AccountEvent { }

    record AccountLocked(AccountId id) implements AccountEvent { }

    record AccountUnlocked(AccountId id) implements AccountEvent { }

    record AccountLabelled(AccountId id, Map<String, Object> attributes) implements AccountEvent { }

    record ChapChanged(AccountId id, boolean enabled) implements AccountEvent { }

    record AccountRemoved(AccountId id) implements AccountEvent { }
}
