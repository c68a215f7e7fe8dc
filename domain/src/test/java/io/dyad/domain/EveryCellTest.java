package io.dyad.domain;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.AccessGroupsCommand.CreateGroup;
import io.dyad.domain.AdminCommand.ChangePassword;
import io.dyad.domain.ClusterCommand.ReserveClusterPair;
import io.dyad.domain.ClusterCommand.ReserveVolume;
import io.dyad.domain.ClusterCommand.TakeNumbers;
import io.dyad.domain.ClusterPairCommand.ReportLink;
import io.dyad.domain.VolumePairCommand.ReportMilestone;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds in every cell of every table. */
class EveryCellTest {
    /** Commands that ask for one more, or for a record of each time. */
    private static final Set<Class<?>> COUNTED =
        Set.of(ReserveClusterPair.class, ReserveVolume.class, TakeNumbers.class, ReportLink.class, ReportMilestone.class, ChangePassword.class,
            CreateGroup.class);

    /** A state type and an event type that met. */
    private record Meeting(Class<?> state, Class<?> event) { }

    @Test void every_sealed_family_has_its_samples() {
        assertThat(Samples.each().<Class<?>>map(SampleSet::stateType)).containsExactlyInAnyOrder(leaves(State.class));
        assertThat(Samples.each().<Class<?>>map(SampleSet::commandType)).containsExactlyInAnyOrder(leaves(Command.class));
    }

    @Test void a_state_or_command_without_a_sample_is_noticed() {
        SampleSet bare = new SampleSet(Aggregate.ACCOUNT, AccountState.class, AccountCommand.class).past("", List.of());

        assertThatThrownBy(bare::states).hasMessageContaining("Active has no sample");
        assertThatThrownBy(bare::commands).hasMessageContaining("AddAccount has no sample");
    }

    @ParameterizedTest @EnumSource void samples_of_one_type_are_told_apart(Aggregate aggregate) {
        SampleSet set = Samples.of(aggregate);

        assertThat(set.states().values()).allSatisfy(of -> assertThat(of).extracting(SampleSet.Past::label).doesNotHaveDuplicates());
        assertThat(set.commands().values()).allSatisfy(of -> assertThat(of).extracting(SampleSet.Asked::label).doesNotHaveDuplicates());
    }

    @ParameterizedTest @EnumSource void every_command_is_decided_and_its_events_can_follow(Aggregate aggregate) {
        assertThat(Samples.of(aggregate).cells()).isNotEmpty().allSatisfy(cell -> assertThat(cell.after()).isNotNull());
    }

    @ParameterizedTest @EnumSource void events_go_to_the_stream_of_their_command(Aggregate aggregate) {
        assertThat(Samples.of(aggregate).cells()).allSatisfy(cell -> {
            assertThat(cell.asked().command().aggregate()).startsWith(aggregate.kind());
            assertThat(cell.events()).allSatisfy(e -> {
                assertThat(e.aggregate()).isEqualTo(cell.asked().command().aggregate());
                assertThat(Aggregate.of(e)).isEqualTo(aggregate);
            });
        });
    }

    @ParameterizedTest @EnumSource void asked_again_appends_nothing_unless_each_time_counts(Aggregate aggregate) {
        assertThat(Samples.of(aggregate).cells().filter(c -> !c.events().isEmpty())).allSatisfy(cell -> {
            Cell again = Cell.of(aggregate, new SampleSet.Past("after", List.of(), cell.after()), cell.asked());
            if (!COUNTED.contains(cell.asked().command().getClass())) assertThat(again.events()).isEmpty();
        });
    }

    @Test void each_time_counts_only_where_two_in_a_row_append_twice() {
        Stream<Class<?>> twice = Samples.each().flatMap(SampleSet::cells)
            .filter(c -> !c.events().isEmpty())
            .filter(c -> !Cell.of(c.aggregate(), new SampleSet.Past("after", List.of(), c.after()), c.asked()).events().isEmpty())
            .map(c -> (Class<?>) c.asked().command().getClass());

        assertThat(twice.collect(toSet())).isEqualTo(COUNTED);
    }

    @Test void every_event_comes_from_some_cell() {
        Stream<Class<?>> appended = Samples.each().flatMap(SampleSet::cells).flatMap(c -> c.events().stream()).map(e -> (Class<?>) e.getClass());

        assertThat(appended.collect(toSet())).containsExactlyInAnyOrder(
            Stream.of(leaves(Event.class)).flatMap(family -> Stream.of(leaves(family))).toArray(Class<?>[]::new));
    }

    @ParameterizedTest @EnumSource void only_what_can_be_decided_can_follow(Aggregate aggregate) {
        SampleSet set = Samples.of(aggregate);
        Set<Meeting> decided = new HashSet<>();
        set.cells().forEach(cell -> {
            State state = cell.past().state();
            for (Event event : cell.events()) {
                decided.add(new Meeting(state.getClass(), event.getClass()));
                state = aggregate.evolve(state, event);
            }
        });
        List<Event> events = set.cells().flatMap(c -> c.events().stream()).distinct().toList();

        Set<Meeting> evolved = new HashSet<>();
        for (var pasts : set.states().values()) {
            for (Event event : events) {
                if (follows(aggregate, pasts.getFirst().state(), event)) evolved.add(new Meeting(pasts.getFirst().state().getClass(), event.getClass()));
            }
        }

        assertThat(evolved).isEqualTo(decided);
    }

    private static boolean follows(Aggregate aggregate, State state, Event event) {
        try {
            aggregate.evolve(state, event);
            return true;
        } catch (CorruptHistoryException cannot) {
            return false;
        }
    }

    private static Class<?>[] leaves(Class<?> sealed) { return sealed.getPermittedSubclasses(); }
}
