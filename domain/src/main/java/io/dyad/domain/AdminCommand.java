package io.dyad.domain;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a cluster admin is asked. The password's hash is kept elsewhere. */
public sealed interface AdminCommand extends Command {
    String username();

    @Override default String aggregate() { return "admin/" + username(); }

    /** {@code access}: the access lists the admin is on, such as {@code administrator}. */
    record AddAdmin(String username, Set<String> access) implements AdminCommand {
        public AddAdmin { access = Set.copyOf(access); }
    }

    record ChangePassword(String username) implements AdminCommand { }

    /** Empty members stay as they are. */
    record ModifyAdmin(String username, Optional<Set<String>> access, Optional<Map<String, Object>> attributes) implements AdminCommand { }

    record RemoveAdmin(String username) implements AdminCommand { }
}
