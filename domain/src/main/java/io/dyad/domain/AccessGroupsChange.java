package io.dyad.domain;

import static io.dyad.domain.AccessGroupsLimits.GROUPS_OF_A_VOLUME;
import static io.dyad.domain.AccessGroupsLimits.INITIATORS_OF_A_GROUP;
import static io.dyad.domain.AccessGroupsLimits.INITIATOR_CHARS;
import static io.dyad.domain.AccessGroupsLimits.LAST_LUN;
import static io.dyad.domain.AccessGroupsLimits.NAME_CHARS;
import static io.dyad.domain.AccessGroupsLimits.VOLUMES_OF_A_GROUP;

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
import io.dyad.domain.VolumeAccessGroup.Lun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One decision in the making: the events so far, the group as they leave it, and the first rule that said no. */
final class AccessGroupsChange {
    private final Groups before;
    private final List<AccessGroupsEvent> events = new ArrayList<>();
    private VolumeAccessGroup group;
    private boolean deleted;
    private Optional<Decision<AccessGroupsEvent>> refused = Optional.empty();

    /** Of a new group. */
    AccessGroupsChange(Groups before) {
        this(before, new VolumeAccessGroup(new VolumeAccessGroupId(before.nextGroup()), "", List.of(), List.of(), Map.of()));
    }

    AccessGroupsChange(Groups before, VolumeAccessGroup group) {
        this.before = before;
        this.group = group;
    }

    Decision<AccessGroupsEvent> decision() { return refused.orElseGet(() -> new Decision.Accepted<>(events)); }

    AccessGroupsChange create(String name, Map<String, Object> attributes) {
        if (named(name)) events.add(new GroupCreated(group.id(), name, attributes));
        return this;
    }

    AccessGroupsChange add(List<String> initiators, List<VolumeId> volumes) {
        initiators.forEach(this::add);
        volumes.forEach(this::add);
        return this;
    }

    AccessGroupsChange take(List<String> initiators, List<VolumeId> volumes) {
        initiators.forEach(this::take);
        volumes.forEach(this::take);
        return this;
    }

    /** Only what differs, so that saying the same twice is no event. */
    AccessGroupsChange become(VolumeAccessGroup.Change now) {
        now.name().filter(n -> !n.equals(group.name())).filter(this::named).ifPresent(n -> events.add(new GroupRenamed(group.id(), n)));
        now.attributes().filter(a -> !a.equals(group.attributes())).ifPresent(a -> events.add(new GroupLabelled(group.id(), a)));
        now.initiators().ifPresent(all -> {
            group.initiators().stream().filter(i -> !all.contains(i)).forEach(this::take);
            all.stream().distinct().filter(i -> !group.initiators().contains(i)).forEach(this::add);
        });
        now.volumes().ifPresent(all -> {
            group.volumes().stream().filter(v -> !all.contains(v)).forEach(this::take);
            all.stream().distinct().filter(v -> !group.has(v)).forEach(this::add);
        });
        return this;
    }

    AccessGroupsChange assign(List<Lun> luns) {
        for (Lun lun : luns) {
            if (!group.has(lun.volume())) no(Refusal.NOT_IN_ACCESS_GROUP, "volume " + lun.volume() + " is not in group " + group.id());
            if (lun.number() < 0 || lun.number() > LAST_LUN) no(Refusal.INVALID_PARAMETER, "a LUN is from 0 to " + LAST_LUN);
        }
        Set<Integer> numbers = new HashSet<>();
        List<VolumeId> named = luns.stream().map(Lun::volume).toList();
        group.luns().stream().filter(l -> !named.contains(l.volume())).forEach(l -> numbers.add(l.number()));
        if (new HashSet<>(named).size() < named.size() || !luns.stream().allMatch(l -> numbers.add(l.number()))) {
            no(Refusal.INVALID_PARAMETER, "two volumes of group " + group.id() + " would have one LUN");
        }
        if (!group.luns().containsAll(luns)) events.add(new LunsAssigned(group.id(), luns));
        return this;
    }

    AccessGroupsChange delete() {
        events.add(new GroupDeleted(group.id()));
        deleted = true;
        return this;
    }

    /** Initiators that were in this group and are in none any more. */
    AccessGroupsChange forgetOrphans(boolean wanted) {
        if (!wanted) return this;
        VolumeAccessGroup was = before.groups().getOrDefault(group.id(), group);
        was.initiators().stream().filter(i -> deleted || !group.initiators().contains(i)).forEach(i -> events.add(new InitiatorForgotten(i)));
        return this;
    }

    private void add(String initiator) {
        if (initiator.isEmpty() || initiator.length() > INITIATOR_CHARS) {
            no(Refusal.INVALID_PARAMETER, "an initiator's name is not of 1 to " + INITIATOR_CHARS + " characters");
        } else if (group.initiators().contains(initiator)) {
            no(Refusal.ALREADY_IN_ACCESS_GROUP, initiator + " is in group " + group.id());
        } else if (before.groups().values().stream().anyMatch(g -> !g.id().equals(group.id()) && g.initiators().contains(initiator))) {
            no(Refusal.EXCEEDED_LIMIT, initiator + " is in another volume access group");
        } else if (group.initiators().size() >= INITIATORS_OF_A_GROUP) {
            no(Refusal.EXCEEDED_LIMIT, "at most " + INITIATORS_OF_A_GROUP + " initiators in a group");
        } else {
            if (!before.initiators().containsKey(initiator)) events.add(new InitiatorMet(initiator, before.nextInitiator() + met()));
            events.add(new InitiatorAdded(group.id(), initiator));
            group = group.with(initiator);
        }
    }

    private long met() { return events.stream().filter(e -> e instanceof InitiatorMet).count(); }

    private void add(VolumeId volume) {
        if (group.has(volume)) {
            no(Refusal.ALREADY_IN_ACCESS_GROUP, "volume " + volume + " is in group " + group.id());
        } else if (before.groups().values().stream().filter(g -> g.has(volume)).count() >= GROUPS_OF_A_VOLUME) {
            no(Refusal.EXCEEDED_LIMIT, "volume " + volume + " is in " + GROUPS_OF_A_VOLUME + " groups");
        } else if (group.luns().size() >= VOLUMES_OF_A_GROUP) {
            no(Refusal.EXCEEDED_LIMIT, "at most " + VOLUMES_OF_A_GROUP + " volumes in a group");
        } else {
            Lun lun = new Lun(volume, group.freeLun());
            events.add(new GroupVolumeAdded(group.id(), lun));
            group = group.with(lun);
        }
    }

    private void take(String initiator) {
        if (!group.initiators().contains(initiator)) {
            no(Refusal.NOT_IN_ACCESS_GROUP, initiator + " is not in group " + group.id());
        } else {
            events.add(new InitiatorRemoved(group.id(), initiator));
            group = group.without(initiator);
        }
    }

    private void take(VolumeId volume) {
        if (!group.has(volume)) {
            no(Refusal.NOT_IN_ACCESS_GROUP, "volume " + volume + " is not in group " + group.id());
        } else {
            events.add(new GroupVolumeRemoved(group.id(), volume));
            group = group.without(volume);
        }
    }

    private boolean named(String name) {
        boolean good = !name.isEmpty() && name.length() <= NAME_CHARS;
        if (!good) no(Refusal.INVALID_PARAMETER, "a group's name is not of 1 to " + NAME_CHARS + " characters");
        return good;
    }

    private void no(Refusal why, String detail) { if (refused.isEmpty()) refused = Optional.of(Decision.refuse(why, detail)); }
}
