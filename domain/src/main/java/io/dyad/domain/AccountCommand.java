package io.dyad.domain;

import java.util.Map;

/** What an account is asked. Its CHAP secrets are kept elsewhere. */
public sealed interface AccountCommand extends Command {
    AccountId id();

    @Override default String aggregate() { return "account/" + id(); }

    record AddAccount(AccountId id, String username, Map<String, Object> attributes) implements AccountCommand { }

    record RemoveAccount(AccountId id) implements AccountCommand { }
}
