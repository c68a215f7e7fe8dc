package io.dyad.domain;

import java.util.HashMap;
import java.util.Map;

/** The volume access groups of a cluster, in one: an initiator is in one group at most, and no group decides that alone. */
public sealed interface AccessGroupsState extends State {
    /** {@code initiators}: the number of each that is known, in a group or not. */
    record Groups(long nextGroup, long nextInitiator, Map<VolumeAccessGroupId, VolumeAccessGroup> groups, Map<String, Long> initiators)
            implements AccessGroupsState {
        public Groups {
            groups = Map.copyOf(groups);
            initiators = Map.copyOf(initiators);
        }

        Groups with(VolumeAccessGroup group) {
            var all = new HashMap<>(groups);
            all.put(group.id(), group);
            return new Groups(Math.max(nextGroup, group.id().value() + 1), nextInitiator, all, initiators);
        }

        Groups without(VolumeAccessGroupId id) {
            var rest = new HashMap<>(groups);
            rest.remove(id);
            return new Groups(nextGroup, nextInitiator, rest, initiators);
        }

        Groups with(String initiator, long number) {
            var all = new HashMap<>(initiators);
            all.put(initiator, number);
            return new Groups(nextGroup, number + 1, groups, all);
        }

        Groups without(String initiator) {
            var rest = new HashMap<>(initiators);
            rest.remove(initiator);
            return new Groups(nextGroup, nextInitiator, groups, rest);
        }
    }
}
