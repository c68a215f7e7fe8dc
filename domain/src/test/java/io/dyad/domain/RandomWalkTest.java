package io.dyad.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.ClusterPairEvent.ClusterPairAbandoned;
import io.dyad.domain.ClusterPairEvent.ClusterPairRemoved;
import io.dyad.domain.Decision.Accepted;
import io.dyad.domain.Decision.Refused;
import io.dyad.domain.VolumePairEvent.PairAbandoned;
import io.dyad.domain.VolumePairEvent.PairJoining;
import io.dyad.domain.VolumePairEvent.PairOffered;
import io.dyad.domain.VolumePairEvent.PairRemoved;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds whatever is asked, in any order. */
class RandomWalkTest {
    /** Commands to one aggregate, one after the other. */
    record Walk(Aggregate aggregate, List<Command> commands) {
        List<Event> events() {
            List<Event> log = new ArrayList<>();
            State state = aggregate.initial();
            for (Command command : commands) {
                if (aggregate.decide(state, command) instanceof Accepted<Event> accepted) {
                    state = Given.fold(aggregate, state, accepted.events());
                    log.addAll(accepted.events());
                }
            }
            return log;
        }

        State end() { return Given.fold(aggregate, aggregate.initial(), events()); }
    }

    @Provide Arbitrary<Walk> walks() { return Arbitraries.of(Aggregate.values()).flatMap(RandomWalkTest::walk); }

    @Provide Arbitrary<Walk> volumePairs() { return walk(Aggregate.VOLUME_PAIR); }

    @Provide Arbitrary<Walk> clusterPairs() { return walk(Aggregate.CLUSTER_PAIR); }

    private static Arbitrary<Walk> walk(Aggregate aggregate) {
        List<Command> commands = Samples.of(aggregate).commands().values().stream().flatMap(List::stream).map(SampleSet.Asked::command).toList();
        return Arbitraries.of(commands).list().ofMaxSize(40).map(asked -> new Walk(aggregate, asked));
    }

    @Property(tries = 500) void a_history_that_was_decided_is_never_corrupt(@ForAll("walks") Walk walk) {
        State end = walk.end();

        assertThat(walk.aggregate().initial().getClass().getInterfaces()).containsExactly(end.getClass().getInterfaces());
    }

    @Property(tries = 500) void a_volume_is_in_one_pair_at_a_time(@ForAll("volumePairs") Walk walk) {
        int pairs = 0;
        for (Event event : walk.events()) {
            if (event instanceof PairOffered || event instanceof PairJoining) pairs++;
            if (event instanceof PairRemoved || event instanceof PairAbandoned) pairs--;
            assertThat(pairs).isBetween(0, 1);
        }
    }

    @Property(tries = 500) void removing_a_volume_pair_forgets_all_of_it(@ForAll("volumePairs") Walk walk) {
        Command remove = new VolumePairCommand.RemovePair(Samples.VOLUME);

        Decision<Event> removal = Aggregate.VOLUME_PAIR.decide(walk.end(), remove);

        assertThat(removal).isInstanceOfSatisfying(Accepted.class, accepted ->
            assertThat(new Given(joined(walk.events(), removal)).when(remove).before()).isEqualTo(Aggregate.VOLUME_PAIR.initial()));
    }

    @Property(tries = 500) void a_removed_cluster_pair_stays_removed(@ForAll("clusterPairs") Walk walk) {
        List<Event> log = walk.events();

        assertThat(log.stream().filter(e -> e instanceof ClusterPairRemoved || e instanceof ClusterPairAbandoned)).hasSizeLessThanOrEqualTo(1);
        if (walk.end() instanceof ClusterPairState.Removed) {
            assertThat(walk.commands()).allSatisfy(c -> assertThat(Aggregate.CLUSTER_PAIR.decide(walk.end(), c))
                .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.why()).isEqualTo(Refusal.PAIRING_DOES_NOT_EXIST)));
        }
    }

    private static List<Event> joined(List<Event> log, Decision<Event> more) {
        List<Event> all = new ArrayList<>(log);
        if (more instanceof Accepted<Event> accepted) all.addAll(accepted.events());
        return all;
    }
}
