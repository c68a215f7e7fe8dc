package io.dyad.cluster;

import io.dyad.domain.AccessGroupsCommand;
import io.dyad.domain.AccessGroupsCommand.CreateGroup;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.VolumeAccessGroup;
import io.dyad.domain.VolumeAccessGroupId;
import io.dyad.domain.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The volume access groups of a cluster. They are kept and shown; hosts reach volumes over NBD, which knows no initiators. */
public interface VolumeAccessGroups {
    VolumeAccessGroupId create(CreateGroup group, Cause cause);

    /** Any change but a creation. */
    void change(AccessGroupsCommand change, Cause cause);

    /** Every group, by number. */
    List<VolumeAccessGroup> all();

    Optional<VolumeAccessGroup> find(VolumeAccessGroupId id);

    /** The groups of each volume that is in any. */
    Map<VolumeId, List<VolumeAccessGroupId>> byVolume();

    /** The number of an initiator that is in a group. */
    long initiatorNumber(String initiator);
}
