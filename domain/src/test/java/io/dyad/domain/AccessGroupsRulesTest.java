package io.dyad.domain;

import static io.dyad.domain.AccessGroupsSamples.FIRST;
import static io.dyad.domain.AccessGroupsSamples.ONE;
import static io.dyad.domain.AccessGroupsSamples.TWO;
import static io.dyad.domain.AccessGroupsSamples.groups;
import static io.dyad.domain.AccessGroupsSamples.twoGroups;
import static io.dyad.domain.Samples.OTHER_VOLUME;
import static io.dyad.domain.Samples.VOLUME;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.AccessGroupsCommand.AddToGroup;
import io.dyad.domain.AccessGroupsCommand.AssignLuns;
import io.dyad.domain.AccessGroupsCommand.CreateGroup;
import io.dyad.domain.AccessGroupsCommand.DeleteGroup;
import io.dyad.domain.AccessGroupsCommand.ForgetVolume;
import io.dyad.domain.AccessGroupsCommand.ModifyGroup;
import io.dyad.domain.AccessGroupsCommand.TakeFromGroup;
import io.dyad.domain.AccessGroupsEvent.GroupCreated;
import io.dyad.domain.AccessGroupsEvent.GroupDeleted;
import io.dyad.domain.AccessGroupsEvent.GroupVolumeAdded;
import io.dyad.domain.AccessGroupsEvent.GroupVolumeRemoved;
import io.dyad.domain.AccessGroupsEvent.InitiatorAdded;
import io.dyad.domain.AccessGroupsEvent.InitiatorForgotten;
import io.dyad.domain.AccessGroupsEvent.InitiatorMet;
import io.dyad.domain.AccessGroupsEvent.InitiatorRemoved;
import io.dyad.domain.VolumeAccessGroup.Change;
import io.dyad.domain.VolumeAccessGroup.Lun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AccessGroupsRulesTest {
    private final Given two = new Given(twoGroups());

    @Test void an_initiator_is_in_one_group_and_the_refusal_names_it() {
        assertThat(two.when(new CreateGroup("new", List.of("iqn.a", "a"), List.of(), Map.of())).thenRefused(Refusal.EXCEEDED_LIMIT)).startsWith("a is");
        two.when(new AddToGroup(TWO, List.of("a"), List.of())).thenRefused(Refusal.EXCEEDED_LIMIT);
        two.when(new AddToGroup(ONE, List.of("a"), List.of())).thenRefused(Refusal.ALREADY_IN_ACCESS_GROUP);
        two.when(new AddToGroup(ONE, List.of("c", "c"), List.of())).thenRefused(Refusal.ALREADY_IN_ACCESS_GROUP);
    }

    @Test void new_initiators_get_numbers_one_after_the_other() {
        two.when(new AddToGroup(ONE, List.of("c", "d"), List.of())).then(new InitiatorMet("c", 3), new InitiatorAdded(ONE, "c"),
            new InitiatorMet("d", 4), new InitiatorAdded(ONE, "d"));
    }

    @Test void an_initiator_that_is_in_no_group_any_more_is_forgotten_only_if_so_asked() {
        two.when(new TakeFromGroup(ONE, List.of("a"), List.of(), true)).then(new InitiatorRemoved(ONE, "a"), new InitiatorForgotten("a"));
        two.when(new DeleteGroup(ONE, true)).then(new GroupDeleted(ONE), new InitiatorForgotten("a"));
        List<Event> kept = new ArrayList<>(twoGroups());
        kept.add(new GroupDeleted(ONE));
        new Given(kept).when(new AddToGroup(TWO, List.of("a"), List.of())).then(new InitiatorAdded(TWO, "a"));
    }

    @Test void a_volume_gets_the_least_free_lun_and_any_other_that_is_free() {
        two.when(new AddToGroup(ONE, List.of(), List.of(OTHER_VOLUME))).then(new GroupVolumeAdded(ONE, new Lun(OTHER_VOLUME, 1)));
        List<Event> moved = new ArrayList<>(twoGroups());
        moved.add(new AccessGroupsEvent.LunsAssigned(ONE, List.of(new Lun(VOLUME, 1))));
        new Given(moved).when(new AddToGroup(ONE, List.of(), List.of(OTHER_VOLUME))).then(new GroupVolumeAdded(ONE, new Lun(OTHER_VOLUME, 0)));
        moved.add(new GroupVolumeAdded(ONE, new Lun(OTHER_VOLUME, 0)));
        new Given(moved).when(new AssignLuns(ONE, List.of(new Lun(OTHER_VOLUME, 1)))).thenRefused(Refusal.INVALID_PARAMETER);
        new Given(moved).when(new AssignLuns(ONE, List.of(new Lun(OTHER_VOLUME, 1), FIRST)))
            .then(new AccessGroupsEvent.LunsAssigned(ONE, List.of(new Lun(OTHER_VOLUME, 1), FIRST)));
    }

    @Test void lists_that_are_given_replace_what_was() {
        two.when(new ModifyGroup(ONE, new Change(Optional.empty(), Optional.of(List.of("c")), Optional.of(List.of(OTHER_VOLUME)), Optional.empty()), true))
            .then(new InitiatorRemoved(ONE, "a"), new InitiatorMet("c", 3), new InitiatorAdded(ONE, "c"),
                new GroupVolumeRemoved(ONE, VOLUME), new GroupVolumeAdded(ONE, new Lun(OTHER_VOLUME, 0)), new InitiatorForgotten("a"));
    }

    @Test void limits_hold_and_nothing_of_a_refused_change_is_done() {
        new Given(groups(999)).when(new CreateGroup("last", List.of(), List.of(), Map.of())).then(new GroupCreated(new VolumeAccessGroupId(1000), "last", Map.of()));
        new Given(groups(1000)).when(new CreateGroup("more", List.of(), List.of(), Map.of())).thenRefused(Refusal.EXCEEDED_LIMIT);
        assertThat(two.when(new AddToGroup(TWO, IntStream.range(0, 127).mapToObj(n -> "i" + n).toList(), List.of())).decision()).isInstanceOf(Decision.Accepted.class);
        two.when(new AddToGroup(TWO, IntStream.range(0, 128).mapToObj(n -> "i" + n).toList(), List.of())).thenRefused(Refusal.EXCEEDED_LIMIT);
        two.when(new AddToGroup(TWO, List.of(), LongStream.rangeClosed(1, 2001).mapToObj(VolumeId::new).toList())).thenRefused(Refusal.EXCEEDED_LIMIT);
        two.when(new CreateGroup("new", List.of("i".repeat(225)), List.of(), Map.of())).thenRefused(Refusal.INVALID_PARAMETER);
    }

    @Test void a_volume_is_in_64_groups_and_not_one_more() {
        List<Event> past = new ArrayList<>(groups(70));
        LongStream.rangeClosed(2, 64).forEach(n -> past.add(new GroupVolumeAdded(new VolumeAccessGroupId(n), FIRST)));
        new Given(past).when(new AddToGroup(new VolumeAccessGroupId(65), List.of(), List.of(VOLUME))).thenRefused(Refusal.EXCEEDED_LIMIT);
        new Given(past.subList(0, past.size() - 1)).when(new AddToGroup(new VolumeAccessGroupId(65), List.of(), List.of(VOLUME)))
            .then(new GroupVolumeAdded(new VolumeAccessGroupId(65), FIRST));
    }

    @Test void a_purged_volume_leaves_every_group() {
        List<Event> past = new ArrayList<>(twoGroups());
        past.add(new GroupVolumeAdded(TWO, FIRST));
        assertThat(new Given(past).when(new ForgetVolume(VOLUME)).decision())
            .isIn(new Decision.Accepted<>(List.of(new GroupVolumeRemoved(ONE, VOLUME), new GroupVolumeRemoved(TWO, VOLUME))),
                new Decision.Accepted<>(List.of(new GroupVolumeRemoved(TWO, VOLUME), new GroupVolumeRemoved(ONE, VOLUME))));
    }
}
