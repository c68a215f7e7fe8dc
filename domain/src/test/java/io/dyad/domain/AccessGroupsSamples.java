package io.dyad.domain;

import static io.dyad.domain.Samples.OTHER_VOLUME;
import static io.dyad.domain.Samples.VOLUME;
import static io.dyad.domain.Samples.letters;

import io.dyad.domain.AccessGroupsCommand.AddToGroup;
import io.dyad.domain.AccessGroupsCommand.AssignLuns;
import io.dyad.domain.AccessGroupsCommand.CreateGroup;
import io.dyad.domain.AccessGroupsCommand.DeleteGroup;
import io.dyad.domain.AccessGroupsCommand.ForgetVolume;
import io.dyad.domain.AccessGroupsCommand.ModifyGroup;
import io.dyad.domain.AccessGroupsCommand.TakeFromGroup;
import io.dyad.domain.AccessGroupsEvent.GroupCreated;
import io.dyad.domain.AccessGroupsEvent.GroupVolumeAdded;
import io.dyad.domain.AccessGroupsEvent.InitiatorAdded;
import io.dyad.domain.AccessGroupsEvent.InitiatorMet;
import io.dyad.domain.VolumeAccessGroup.Change;
import io.dyad.domain.VolumeAccessGroup.Lun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Samples of volume access groups: group 1 has the initiator "a" and volume 7 under LUN 0, group 2 the initiator "b". */
final class AccessGroupsSamples {
    static final VolumeAccessGroupId ONE = new VolumeAccessGroupId(1);
    static final VolumeAccessGroupId TWO = new VolumeAccessGroupId(2);
    static final VolumeAccessGroupId NONE = new VolumeAccessGroupId(5000);
    static final Lun FIRST = new Lun(VOLUME, 0);
    private static final Change NO_CHANGE = new Change(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private AccessGroupsSamples() { }

    static SampleSet all() {
        return new SampleSet(Aggregate.ACCESS_GROUPS, AccessGroupsState.class, AccessGroupsCommand.class)
            .past("two groups", twoGroups())
            .past("no groups", List.of())
            .past("1000 groups", groups(1000))
            .ask("with an initiator and a volume", new CreateGroup("new", List.of("c"), List.of(VOLUME), Map.of()))
            .ask("with an initiator of group 1", new CreateGroup("new", List.of("a"), List.of(), Map.of()))
            .ask("bare", new CreateGroup("bare", List.of(), List.of(), Map.of()))
            .ask("no name", new CreateGroup("", List.of(), List.of(), Map.of()))
            .ask("name of 65 characters", new CreateGroup(letters(65), List.of(), List.of(), Map.of()))
            .ask("nothing", new ModifyGroup(ONE, NO_CHANGE, true))
            .ask("another name and other attributes", new ModifyGroup(ONE, new Change(Optional.of("new"), Optional.empty(), Optional.empty(), Optional.of(Map.of("a", 1))), true))
            .ask("without its initiator and volume", new ModifyGroup(ONE, new Change(Optional.empty(), Optional.of(List.of()), Optional.of(List.of()), Optional.empty()), false))
            .ask("of no such group", new ModifyGroup(NONE, NO_CHANGE, true))
            .ask("an initiator and a volume", new AddToGroup(ONE, List.of("c"), List.of(OTHER_VOLUME)))
            .ask("its own volume", new AddToGroup(ONE, List.of(), List.of(VOLUME)))
            .ask("to no such group", new AddToGroup(NONE, List.of("c"), List.of()))
            .ask("its initiator and volume", new TakeFromGroup(ONE, List.of("a"), List.of(VOLUME), true))
            .ask("a volume of none", new TakeFromGroup(ONE, List.of(), List.of(OTHER_VOLUME), true))
            .ask("from no such group", new TakeFromGroup(NONE, List.of(), List.of(), true))
            .ask("another LUN", new AssignLuns(ONE, List.of(new Lun(VOLUME, 5))))
            .ask("the same LUN", new AssignLuns(ONE, List.of(FIRST)))
            .ask("LUN 16384", new AssignLuns(ONE, List.of(new Lun(VOLUME, 16_384))))
            .ask("", new DeleteGroup(ONE, true))
            .ask("keeping its initiator", new DeleteGroup(ONE, false))
            .ask("no such group", new DeleteGroup(NONE, true))
            .ask("of group 1", new ForgetVolume(VOLUME))
            .ask("of none", new ForgetVolume(OTHER_VOLUME));
    }

    static List<Event> twoGroups() {
        return List.of(new GroupCreated(ONE, "one", Map.of()), new InitiatorMet("a", 1), new InitiatorAdded(ONE, "a"), new GroupVolumeAdded(ONE, FIRST),
            new GroupCreated(TWO, "two", Map.of()), new InitiatorMet("b", 2), new InitiatorAdded(TWO, "b"));
    }

    static List<Event> groups(int count) {
        List<Event> past = new ArrayList<>(twoGroups());
        LongStream.rangeClosed(3, count).forEach(n -> past.add(new GroupCreated(new VolumeAccessGroupId(n), "group" + n, Map.of())));
        return past;
    }
}
