package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;

import io.dyad.domain.FaultsCommand.ClearFault;
import io.dyad.domain.FaultsCommand.RaiseFault;
import io.dyad.domain.FaultsEvent.FaultCleared;
import io.dyad.domain.FaultsEvent.FaultRaised;
import io.dyad.domain.FaultsState.Book;
import io.dyad.domain.FaultsState.Resolved;
import java.util.List;
import java.util.stream.Stream;

/** The book of faults (Element 12.x API, ListClusterFaults): each thing amiss stands there once until it ends. */
public final class FaultsDecider implements Decider<FaultsState, FaultsCommand, FaultsEvent> {
    @Override public FaultsState initial() { return new Book(1, List.of(), List.of()); }

    @Override public Decision<FaultsEvent> decide(FaultsState state, FaultsCommand command) {
        return switch (state) {
            case Book s -> when(s, command);
        };
    }

    private static Decision<FaultsEvent> when(Book s, FaultsCommand command) {
        return switch (command) {
            case RaiseFault c when s.current(c.code(), c.subject()).isPresent() -> nothing();
            case RaiseFault c -> append(new FaultRaised(new Fault(s.next(), c.code(), c.subject(), c.details(), c.at())));
            case ClearFault c -> new Decision.Accepted<>(s.current(c.code(), c.subject()).stream()
                .<FaultsEvent>map(f -> new FaultCleared(f.id(), c.at())).toList());
        };
    }

    @Override public FaultsState evolve(FaultsState state, FaultsEvent event) {
        Book s = (Book) state;
        return switch (event) {
            case FaultRaised e -> new Book(e.fault().id() + 1, Stream.concat(s.current().stream(), Stream.of(e.fault())).toList(), s.resolved());
            case FaultCleared e when s.current().stream().noneMatch(f -> f.id() == e.id()) -> throw new CorruptHistoryException(state, e);
            case FaultCleared e -> new Book(s.next(), s.current().stream().filter(f -> f.id() != e.id()).toList(), ended(s, e));
        };
    }

    private static List<Resolved> ended(Book s, FaultCleared e) {
        Stream<Resolved> now = s.current().stream().filter(f -> f.id() == e.id()).map(f -> new Resolved(f, e.at()));
        long forgotten = Math.max(0, s.resolved().size() + 1 - FaultsState.REMEMBERED);
        return Stream.concat(s.resolved().stream().skip(forgotten), now).toList();
    }
}
