package io.dyad.domain;

/** Why a rule said no. The adapters map each to its wire error. */
public enum Refusal {
    /** A limit of the cluster is reached: 4 cluster pairs, 4000 volumes, 2000 of one account. */
    EXCEEDED_LIMIT,
    PAIRING_DOES_NOT_EXIST,
    /** The two clusters are paired already, or are about to be. */
    PAIRING_ALREADY_EXISTS,
    /** A cluster pairing key that is damaged, used, not ours to use, or our own. */
    INVALID_KEY,
    CLUSTER_PAIR_IN_USE,
    VOLUME_ALREADY_PAIRED,
    VOLUME_NOT_PAIRED,
    INVALID_PAIRING_KEY,
    MVIP_NOT_PAIRED,
    VOLUME_DOES_NOT_EXIST,
    ACCOUNT_DOES_NOT_EXIST,
    DUPLICATE_USERNAME,
    /** The account owns volumes, deleted ones counted until they are purged. */
    ACCOUNT_IN_USE,
    ACCESS_GROUP_DOES_NOT_EXIST,
    ALREADY_IN_ACCESS_GROUP,
    NOT_IN_ACCESS_GROUP,
    ADMIN_DOES_NOT_EXIST,
    /** Nobody would be left who may do everything. */
    LAST_ADMINISTRATOR,
    VOLUME_SHRINK_PROHIBITED,
    SNAPSHOT_DOES_NOT_EXIST,
    GROUP_SNAPSHOT_DOES_NOT_EXIST,
    /** A volume has 32 snapshots. */
    MAX_SNAPSHOTS_PER_VOLUME,
    /** An earlier snapshot is still on its way to the other end, and the caller wanted one after the other. */
    SNAPSHOT_UNDER_WAY,
    JOB_DOES_NOT_EXIST,
    /** No clone has this id, or it is over. */
    CLONE_DOES_NOT_EXIST,
    /** A job is replacing the volume's content. */
    VOLUME_BUSY,
    INVALID_PARAMETER,
    /** The other cluster could not be reached, so nothing was done. */
    PEER_UNREACHABLE,
    /** The cluster is already formed, or not yet. */
    WRONG_CLUSTER_STATE
}
