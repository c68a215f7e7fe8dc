package io.dyad.domain;

import static io.dyad.domain.FaultCode.CLUSTER_FULL;
import static io.dyad.domain.FaultCode.DISCONNECTED_CLUSTER_PAIR;
import static io.dyad.domain.Given.given;
import static io.dyad.domain.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.FaultsCommand.ClearFault;
import io.dyad.domain.FaultsCommand.RaiseFault;
import io.dyad.domain.FaultsEvent.FaultCleared;
import io.dyad.domain.FaultsEvent.FaultRaised;
import io.dyad.domain.FaultsState.Book;
import io.dyad.domain.FaultsState.Resolved;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsRulesTest {
    static final Fault CUT = new Fault(1, DISCONNECTED_CLUSTER_PAIR, "cluster-pair/1", "no link", NOON);
    private static final Event RAISED = new FaultRaised(CUT);

    static SampleSet samples() {
        return new SampleSet(Aggregate.FAULTS, FaultsState.class, FaultsCommand.class)
            .past("one fault", RAISED)
            .past("no fault", List.of())
            .ask("the same", new RaiseFault(DISCONNECTED_CLUSTER_PAIR, "cluster-pair/1", "no link", NOON))
            .ask("of another subject", new RaiseFault(DISCONNECTED_CLUSTER_PAIR, "cluster-pair/2", "no link", NOON))
            .ask("the same", new ClearFault(DISCONNECTED_CLUSTER_PAIR, "cluster-pair/1", NOON))
            .ask("of another kind", new ClearFault(CLUSTER_FULL, "cluster-pair/1", NOON));
    }

    @Test void a_fault_stands_once_and_its_number_is_not_used_again() {
        given(RAISED).when(new RaiseFault(DISCONNECTED_CLUSTER_PAIR, "cluster-pair/1", "still no link", NOON.plusSeconds(1))).thenNothing();
        given(RAISED, new FaultCleared(1, NOON)).when(new RaiseFault(DISCONNECTED_CLUSTER_PAIR, "cluster-pair/1", "no link", NOON))
            .then(new FaultRaised(new Fault(2, DISCONNECTED_CLUSTER_PAIR, "cluster-pair/1", "no link", NOON)));
    }

    @Test void a_fault_that_ended_is_remembered_with_its_end() {
        State after = given(RAISED).when(new ClearFault(DISCONNECTED_CLUSTER_PAIR, "cluster-pair/1", NOON.plusSeconds(9))).then(new FaultCleared(1, NOON.plusSeconds(9)));

        assertThat(after).isEqualTo(new Book(2, List.of(), List.of(new Resolved(CUT, NOON.plusSeconds(9)))));
    }

    @Test void a_thousand_that_ended_are_remembered_and_the_oldest_goes() {
        List<Event> past = new ArrayList<>();
        for (int id = 1; id <= FaultsState.REMEMBERED + 1; id++) {
            past.add(new FaultRaised(new Fault(id, CLUSTER_FULL, "volume/1", "full", NOON)));
            past.add(new FaultCleared(id, NOON));
        }
        assertThat(Given.fold(Aggregate.FAULTS, Aggregate.FAULTS.initial(), past)).isInstanceOfSatisfying(Book.class, b ->
            assertThat(b.resolved()).hasSize(FaultsState.REMEMBERED).first().extracting(r -> r.fault().id()).isEqualTo(2L));
    }
}
