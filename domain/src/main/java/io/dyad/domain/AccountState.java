package io.dyad.domain;

import java.util.Map;

/** An account that owns volumes. */
public sealed interface AccountState extends State {
    /** Nobody has added it. */
    record Absent() implements AccountState { }

    /** It exists and may own volumes. {@code username} is the name it was added with; the cluster knows the present one. */
    record Active(AccountId id, String username, Map<String, Object> attributes, boolean locked, boolean chap) implements AccountState { }

    /** It is gone; its number is not used again. */
    record Removed(AccountId id) implements AccountState { }
}
