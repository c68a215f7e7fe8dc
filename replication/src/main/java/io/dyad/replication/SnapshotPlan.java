package io.dyad.replication;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What is to become of the snapshots of one end of a pair, each list oldest first.
 *
 * @param ship a source's that are to be on the target
 * @param expected those of the source for which a target has kept a place
 * @param spare this end's of what earlier resyncs overwrote: they give way when there is no room for another
 */
public record SnapshotPlan(List<UUID> ship, List<UUID> expected, List<UUID> spare) {
    public static final SnapshotPlan NONE = new SnapshotPlan(List.of(), List.of(), List.of());

    public SnapshotPlan {
        ship = List.copyOf(ship);
        expected = List.copyOf(expected);
        spare = List.copyOf(spare);
    }

    /** True when those that are there and those that are expected leave no place for another. */
    boolean full(Set<UUID> held) {
        Set<UUID> all = new HashSet<>(held);
        all.addAll(expected);
        return all.size() >= Snapshots.MAX;
    }
}
