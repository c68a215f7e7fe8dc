package io.dyad.domain;

import java.util.Map;
import java.util.Optional;

/** What an account is asked. Its CHAP secrets are kept elsewhere. */
public sealed interface AccountCommand extends Command {
    AccountId id();

    @Override default String aggregate() { return "account/" + id(); }

    record AddAccount(AccountId id, String username, Map<String, Object> attributes) implements AccountCommand { }

    /** Empty members stay as they are. A new name is the cluster's to give. */
    record ModifyAccount(AccountId id, Optional<Boolean> locked, Optional<Map<String, Object>> attributes, Optional<Boolean> chap) implements AccountCommand { }

    record RemoveAccount(AccountId id) implements AccountCommand { }
}
