package io.dyad.domain;

/** Something asked of one aggregate. Time, ids and secrets it needs are in it. */
public sealed interface Command permits ClusterCommand, ClusterPairCommand, VolumeCommand, VolumePairCommand, SnapshotCommand, JobCommand,
    AccountCommand, AdminCommand, AccessGroupsCommand, FaultsCommand {
    /** The aggregate's stream, such as {@code volume-pair/12}. */
    String aggregate();
}
