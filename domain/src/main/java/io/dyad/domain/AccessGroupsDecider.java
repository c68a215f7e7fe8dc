package io.dyad.domain;

import static io.dyad.domain.Decision.refuse;

import io.dyad.domain.AccessGroupsCommand.AddToGroup;
import io.dyad.domain.AccessGroupsCommand.AssignLuns;
import io.dyad.domain.AccessGroupsCommand.CreateGroup;
import io.dyad.domain.AccessGroupsCommand.DeleteGroup;
import io.dyad.domain.AccessGroupsCommand.ForgetVolume;
import io.dyad.domain.AccessGroupsCommand.ModifyGroup;
import io.dyad.domain.AccessGroupsCommand.TakeFromGroup;
import io.dyad.domain.AccessGroupsEvent.GroupCreated;
import io.dyad.domain.AccessGroupsEvent.GroupDeleted;
import io.dyad.domain.AccessGroupsEvent.GroupLabelled;
import io.dyad.domain.AccessGroupsEvent.GroupRenamed;
import io.dyad.domain.AccessGroupsEvent.GroupVolumeAdded;
import io.dyad.domain.AccessGroupsEvent.GroupVolumeRemoved;
import io.dyad.domain.AccessGroupsEvent.InitiatorAdded;
import io.dyad.domain.AccessGroupsEvent.InitiatorForgotten;
import io.dyad.domain.AccessGroupsEvent.InitiatorMet;
import io.dyad.domain.AccessGroupsEvent.InitiatorRemoved;
import io.dyad.domain.AccessGroupsEvent.LunsAssigned;
import io.dyad.domain.AccessGroupsState.Groups;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The rules of volume access groups (Element 12.x API: Create-, Modify-, DeleteVolumeAccessGroup, GetLimits). */
public final class AccessGroupsDecider implements Decider<AccessGroupsState, AccessGroupsCommand, AccessGroupsEvent> {
    @Override public AccessGroupsState initial() { return new Groups(1, 1, Map.of(), Map.of()); }

    @Override public Decision<AccessGroupsEvent> decide(AccessGroupsState state, AccessGroupsCommand command) {
        return switch (state) {
            case Groups s -> when(s, command);
        };
    }

    private static Decision<AccessGroupsEvent> when(Groups s, AccessGroupsCommand command) {
        return switch (command) {
            case CreateGroup c when s.groups().size() >= AccessGroupsLimits.GROUPS ->
                refuse(Refusal.EXCEEDED_LIMIT, "at most " + AccessGroupsLimits.GROUPS + " volume access groups");
            case CreateGroup c   -> new AccessGroupsChange(s).create(c.name(), c.attributes()).add(c.initiators(), c.volumes()).decision();
            case ModifyGroup c   -> known(s, c.id(), change -> change.become(c.change()).forgetOrphans(c.forgetOrphans()));
            case AddToGroup c    -> known(s, c.id(), change -> change.add(c.initiators(), c.volumes()));
            case TakeFromGroup c -> known(s, c.id(), change -> change.take(c.initiators(), c.volumes()).forgetOrphans(c.forgetOrphans()));
            case AssignLuns c    -> known(s, c.id(), change -> change.assign(c.luns()));
            case DeleteGroup c   -> known(s, c.id(), change -> change.delete().forgetOrphans(c.forgetOrphans()));
            case ForgetVolume c  -> new Decision.Accepted<>(s.groups().values().stream().filter(g -> g.has(c.volume()))
                .<AccessGroupsEvent>map(g -> new GroupVolumeRemoved(g.id(), c.volume())).toList());
        };
    }

    /** What is done to a group that exists. */
    private interface Step {
        AccessGroupsChange to(AccessGroupsChange change);
    }

    private static Decision<AccessGroupsEvent> known(Groups s, VolumeAccessGroupId id, Step step) {
        VolumeAccessGroup group = s.groups().get(id);
        if (group == null) return refuse(Refusal.ACCESS_GROUP_DOES_NOT_EXIST, "volume access group " + id + " does not exist");
        return step.to(new AccessGroupsChange(s, group)).decision();
    }

    @Override public AccessGroupsState evolve(AccessGroupsState state, AccessGroupsEvent event) {
        Groups s = (Groups) state;
        return switch (event) {
            case GroupCreated e       -> s.with(new VolumeAccessGroup(e.id(), e.name(), List.of(), List.of(), e.attributes()));
            case GroupRenamed e       -> changed(s, e.id(), e, g -> g.withName(e.name()));
            case GroupLabelled e      -> changed(s, e.id(), e, g -> g.withAttributes(e.attributes()));
            case InitiatorMet e       -> s.with(e.initiator(), e.number());
            case InitiatorAdded e     -> changed(s, e.id(), e, g -> g.with(e.initiator()));
            case InitiatorRemoved e   -> changed(s, e.id(), e, g -> g.without(e.initiator()));
            case InitiatorForgotten e -> s.without(e.initiator());
            case GroupVolumeAdded e   -> changed(s, e.id(), e, g -> g.with(e.lun()));
            case GroupVolumeRemoved e -> changed(s, e.id(), e, g -> g.without(e.volume()));
            case LunsAssigned e       -> changed(s, e.id(), e, g -> g.withLuns(renumbered(g, e.luns())));
            case GroupDeleted e       -> s.without(e.id());
        };
    }

    private static Groups changed(Groups s, VolumeAccessGroupId id, AccessGroupsEvent event, UnaryOperator<VolumeAccessGroup> change) {
        VolumeAccessGroup group = s.groups().get(id);
        if (group == null) throw new CorruptHistoryException(s, event);
        return s.with(change.apply(group));
    }

    private static List<VolumeAccessGroup.Lun> renumbered(VolumeAccessGroup group, List<VolumeAccessGroup.Lun> now) {
        var named = now.stream().map(VolumeAccessGroup.Lun::volume).toList();
        return Stream.concat(group.luns().stream().filter(l -> !named.contains(l.volume())), now.stream()).toList();
    }
}
