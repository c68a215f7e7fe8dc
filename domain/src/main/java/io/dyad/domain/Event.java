package io.dyad.domain;

/** Something that happened to one aggregate, for good. Holds no secret. */
public sealed interface Event permits ClusterEvent, ClusterPairEvent, VolumeEvent, VolumePairEvent, SnapshotEvent, JobEvent,
    AccountEvent, AdminEvent, AccessGroupsEvent, FaultsEvent {
    /** The aggregate's stream, such as {@code volume-pair/12}. */
    String aggregate();
}
