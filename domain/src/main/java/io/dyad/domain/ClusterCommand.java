package io.dyad.domain;

import java.util.UUID;

/** What the cluster itself is asked: its name, and the numbers and limits it hands out. */
public sealed interface ClusterCommand extends Command {
    String STREAM = "cluster";

    @Override default String aggregate() { return STREAM; }

    record FormCluster(UUID uuid, String uniqueId, String name) implements ClusterCommand { }

    record RenameCluster(String name) implements ClusterCommand { }

    /** Takes one of the four places and the next number. */
    record ReserveClusterPair() implements ClusterCommand { }

    record ReleaseClusterPair(ClusterPairId id) implements ClusterCommand { }

    record ReserveAccount(String username) implements ClusterCommand { }

    record RenameAccount(AccountId id, String username) implements ClusterCommand { }

    /** Refused while the account owns volumes. */
    record ReleaseAccount(AccountId id) implements ClusterCommand { }

    record ReserveAdmin(String username) implements ClusterCommand { }

    record ReleaseAdmin(AdminId id) implements ClusterCommand { }

    record ReserveVolume(AccountId account) implements ClusterCommand { }

    /** Gives a volume to another account, within that one's limit. */
    record TransferVolume(VolumeId id, AccountId account) implements ClusterCommand { }

    record ReleaseVolume(VolumeId id) implements ClusterCommand { }

    /** The next {@code count} numbers of a kind, for good. */
    record TakeNumbers(Numbered what, int count) implements ClusterCommand { }
}
