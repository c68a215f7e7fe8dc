package io.dyad.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.ClusterCommand.ReleaseAccount;
import io.dyad.domain.ClusterCommand.ReleaseClusterPair;
import io.dyad.domain.ClusterCommand.ReleaseVolume;
import io.dyad.domain.ClusterCommand.ReserveAccount;
import io.dyad.domain.ClusterCommand.ReserveClusterPair;
import io.dyad.domain.ClusterCommand.ReserveVolume;
import io.dyad.domain.ClusterEvent.AccountReserved;
import io.dyad.domain.ClusterEvent.ClusterPairReserved;
import io.dyad.domain.ClusterEvent.VolumeReserved;
import io.dyad.domain.ClusterState.Formed;
import io.dyad.domain.Decision.Accepted;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** The numbers and limits of a cluster, whatever is reserved and released in any order. */
class ClusterWalkTest {
    @Provide Arbitrary<List<Command>> reservations() {
        Arbitrary<Long> numbers = Arbitraries.longs().between(1, 8);
        return Arbitraries.<Command>oneOf(
            Arbitraries.create(ReserveClusterPair::new),
            numbers.map(n -> new ReleaseClusterPair(new ClusterPairId(n))),
            Arbitraries.of("ann", "bob", "eve").map(ReserveAccount::new),
            numbers.map(n -> new ReleaseAccount(new AccountId(n))),
            numbers.map(n -> new ReserveVolume(new AccountId(n))),
            numbers.map(n -> new ReleaseVolume(new VolumeId(n)))).list().ofMaxSize(80);
    }

    /** The cluster after each command, the events so far beside it. */
    private static List<Event> run(List<Command> commands, Consumer<Formed> each) {
        List<Event> log = new ArrayList<>(List.of(ClusterSamples.FORMED));
        State state = Given.fold(Aggregate.CLUSTER, Aggregate.CLUSTER.initial(), log);
        for (Command command : commands) {
            if (Aggregate.CLUSTER.decide(state, command) instanceof Accepted<Event> accepted) {
                state = Given.fold(Aggregate.CLUSTER, state, accepted.events());
                log.addAll(accepted.events());
            }
            each.accept((Formed) state);
        }
        return log;
    }

    @Tag("CP-1") @Property(tries = 500) void there_are_never_more_than_four_pairs(@ForAll("reservations") List<Command> commands) {
        run(commands, cluster -> assertThat(cluster.pairs()).hasSizeLessThanOrEqualTo(4));
    }

    @Property(tries = 500) void account_names_stay_unique(@ForAll("reservations") List<Command> commands) {
        run(commands, cluster -> assertThat(cluster.accounts().values()).doesNotHaveDuplicates());
    }

    @Property(tries = 500) void no_number_is_handed_out_twice(@ForAll("reservations") List<Command> commands) {
        List<Event> log = run(commands, cluster -> { });

        assertThat(log.stream().filter(ClusterPairReserved.class::isInstance).map(e -> ((ClusterPairReserved) e).id())).doesNotHaveDuplicates();
        assertThat(log.stream().filter(AccountReserved.class::isInstance).map(e -> ((AccountReserved) e).id())).doesNotHaveDuplicates();
        assertThat(log.stream().filter(VolumeReserved.class::isInstance).map(e -> ((VolumeReserved) e).id())).doesNotHaveDuplicates();
    }

    @Property(tries = 500) void a_volume_goes_only_to_an_account_that_exists(@ForAll("reservations") List<Command> commands) {
        List<Event> soFar = new ArrayList<>();
        for (Event event : run(commands, cluster -> { })) {
            if (event instanceof VolumeReserved reserved) {
                Formed before = (Formed) Given.fold(Aggregate.CLUSTER, Aggregate.CLUSTER.initial(), soFar);
                assertThat(before.accounts()).containsKey(reserved.account());
            }
            soFar.add(event);
        }
    }
}
