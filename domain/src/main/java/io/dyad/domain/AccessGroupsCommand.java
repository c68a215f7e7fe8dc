package io.dyad.domain;

import java.util.List;
import java.util.Map;

/** What the volume access groups of a cluster are asked. That the volumes exist is the caller's to see. All or nothing. */
public sealed interface AccessGroupsCommand extends Command {
    String STREAM = "access-groups";

    @Override default String aggregate() { return STREAM; }

    record CreateGroup(String name, List<String> initiators, List<VolumeId> volumes, Map<String, Object> attributes) implements AccessGroupsCommand { }

    /** {@code forgetOrphans}: initiators that are in no group any more lose their numbers. */
    record ModifyGroup(VolumeAccessGroupId id, VolumeAccessGroup.Change change, boolean forgetOrphans) implements AccessGroupsCommand { }

    record AddToGroup(VolumeAccessGroupId id, List<String> initiators, List<VolumeId> volumes) implements AccessGroupsCommand { }

    record TakeFromGroup(VolumeAccessGroupId id, List<String> initiators, List<VolumeId> volumes, boolean forgetOrphans) implements AccessGroupsCommand { }

    /** Gives volumes of the group other numbers. */
    record AssignLuns(VolumeAccessGroupId id, List<VolumeAccessGroup.Lun> luns) implements AccessGroupsCommand { }

    record DeleteGroup(VolumeAccessGroupId id, boolean forgetOrphans) implements AccessGroupsCommand { }

    /** The volume is purged: no group has it any more. */
    record ForgetVolume(VolumeId volume) implements AccessGroupsCommand { }
}
