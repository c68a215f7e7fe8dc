package io.dyad.domain;

import java.util.Map;
import java.util.Set;

/** What happened to a cluster admin. */
public sealed interface AdminEvent extends Event {
    String username();

    @Override default String aggregate() { return "admin/" + username(); }

    record AdminAdded(String username, Set<String> access) implements AdminEvent { }

    record PasswordChanged(String username) implements AdminEvent { }

    record AdminAccessChanged(String username, Set<String> access) implements AdminEvent { }

    record AdminLabelled(String username, Map<String, Object> attributes) implements AdminEvent { }

    record AdminRemoved(String username) implements AdminEvent { }
}
