package io.dyad.domain;

import java.util.Set;

/** Someone who may call the API. */
public sealed interface AdminState extends State {
    /** Nobody has added this user. */
    record Absent() implements AdminState { }

    /** The user may log in, within the access lists. */
    record Active(String username, Set<String> access) implements AdminState { }
}
