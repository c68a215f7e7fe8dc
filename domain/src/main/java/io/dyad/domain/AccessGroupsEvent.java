package io.dyad.domain;

import java.util.List;
import java.util.Map;

/** What happened to the volume access groups of a cluster. */
public sealed interface AccessGroupsEvent extends Event {
    @Override default String aggregate() { return AccessGroupsCommand.STREAM; }

    record GroupCreated(VolumeAccessGroupId id, String name, Map<String, Object> attributes) implements AccessGroupsEvent { }

    record GroupRenamed(VolumeAccessGroupId id, String name) implements AccessGroupsEvent { }

    record GroupLabelled(VolumeAccessGroupId id, Map<String, Object> attributes) implements AccessGroupsEvent { }

    /** The cluster has met an initiator of this name and gives it a number. */
    record InitiatorMet(String initiator, long number) implements AccessGroupsEvent { }

    record InitiatorAdded(VolumeAccessGroupId id, String initiator) implements AccessGroupsEvent { }

    record InitiatorRemoved(VolumeAccessGroupId id, String initiator) implements AccessGroupsEvent { }

    record InitiatorForgotten(String initiator) implements AccessGroupsEvent { }

    record GroupVolumeAdded(VolumeAccessGroupId id, VolumeAccessGroup.Lun lun) implements AccessGroupsEvent { }

    record GroupVolumeRemoved(VolumeAccessGroupId id, VolumeId volume) implements AccessGroupsEvent { }

    record LunsAssigned(VolumeAccessGroupId id, List<VolumeAccessGroup.Lun> luns) implements AccessGroupsEvent { }

    record GroupDeleted(VolumeAccessGroupId id) implements AccessGroupsEvent { }
}
