package io.dyad.replication.pairing;

import io.dyad.domain.AccessGroupsCommand;
import io.dyad.domain.AccessGroupsCommand.AddToGroup;
import io.dyad.domain.AccessGroupsCommand.AssignLuns;
import io.dyad.domain.AccessGroupsCommand.CreateGroup;
import io.dyad.domain.AccessGroupsCommand.DeleteGroup;
import io.dyad.domain.AccessGroupsCommand.ModifyGroup;
import io.dyad.domain.AccessGroupsCommand.TakeFromGroup;
import io.dyad.domain.AccessGroupsEvent.GroupCreated;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.VolumeAccessGroupId;
import io.dyad.domain.VolumeId;
import java.util.List;

/** The volume access groups of one cluster: sees that the volumes are active, and leaves the rest to the decider. Safe for any thread. */
public final class AccessGroups {
    private final ClusterNode node;

    AccessGroups(ClusterNode node) { this.node = node; }

    public VolumeAccessGroupId create(CreateGroup group, Cause cause) {
        require(group.volumes());
        return ((GroupCreated) node.execute(group, cause).getFirst()).id();
    }

    public void change(AccessGroupsCommand change, Cause cause) {
        switch (change) {
            case CreateGroup c   -> require(c.volumes());
            case ModifyGroup c   -> c.change().volumes().ifPresent(this::require);
            case AddToGroup c    -> require(c.volumes());
            case TakeFromGroup c -> { }
            case AssignLuns c    -> { }
            case DeleteGroup c   -> { }
            case AccessGroupsCommand.ForgetVolume c -> { }
        }
        node.execute(change, cause);
    }

    private void require(List<VolumeId> volumes) { volumes.forEach(node::active); }
}
