package io.dyad.domain;

/** What is true of one aggregate now. */
public sealed interface State permits ClusterState, ClusterPairState, VolumeState, VolumePairState, SnapshotsState, JobState,
    AccountState, AdminState, AccessGroupsState, FaultsState { }
