package io.dyad.replication;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.replication.PairEndpoint.Role;
import java.util.List;
import java.util.UUID;

/**
 * What is wanted of an end of a pair. {@code hold}: no data may flow, whatever the role; {@code why} goes to the log of the next
 * resync. {@code ship}: a source's snapshots that are to be on the target, oldest first. {@code spare}: this end's snapshots
 * of what earlier resyncs overwrote, oldest first; they give way when there is no room for another.
 */
public record Wish(Access access, Role role, boolean hold, String why, Mode mode, Terms terms, List<UUID> ship, List<UUID> spare) {
    public Wish {
        ship = List.copyOf(ship);
        spare = List.copyOf(spare);
    }

    /** All writes are to be shipped, not only snapshots. */
    boolean live() { return mode != Mode.SNAPSHOTS_ONLY; }

    /** No pair, only the access. */
    static Wish alone(Access access) { return new Wish(access, Role.NONE, true, "restart", Mode.ASYNC, Terms.DEFAULT, List.of(), List.of()); }
}
