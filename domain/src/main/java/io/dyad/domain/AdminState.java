package io.dyad.domain;

import java.util.Map;
import java.util.Set;

/** Someone who may call the API. */
public sealed interface AdminState extends State {
    /** Nobody has added this user, or it was removed. */
    record Absent() implements AdminState { }

    /** The user may log in, within the access lists. {@code attributes} are the client's own JSON. */
    record Active(String username, Set<String> access, Map<String, Object> attributes) implements AdminState { }
}
