package io.dyad.domain;

import java.util.UUID;

/** What happened to the cluster itself. */
public sealed interface ClusterEvent extends Event {
    @Override default String aggregate() { return ClusterCommand.STREAM; }

    record ClusterFormed(UUID uuid, String uniqueId, String name) implements ClusterEvent { }

    record ClusterRenamed(String name) implements ClusterEvent { }

    record ClusterPairReserved(ClusterPairId id) implements ClusterEvent { }

    record ClusterPairReleased(ClusterPairId id) implements ClusterEvent { }

    record AccountReserved(AccountId id, String username) implements ClusterEvent { }

    record AccountRenamed(AccountId id, String username) implements ClusterEvent { }

    record AdminReserved(AdminId id, String username) implements ClusterEvent { }

    record AdminReleased(AdminId id) implements ClusterEvent { }

    record AccountReleased(AccountId id) implements ClusterEvent { }

    record VolumeReserved(VolumeId id, AccountId account) implements ClusterEvent { }

    record VolumeTransferred(VolumeId id, AccountId account) implements ClusterEvent { }

    record VolumeReleased(VolumeId id) implements ClusterEvent { }

    record NumbersTaken(Numbered what, long first, int count) implements ClusterEvent { }
}
