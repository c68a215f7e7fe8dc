package io.dyad.eventstore;

import io.dyad.domain.Aggregate;
import io.dyad.domain.Event;
import io.dyad.domain.State;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.AbstractSnapshotter;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.command.AggregateRoot;

/** Stores an aggregate's bare state, folded from its last snapshot on. */
final class StateSnapshotter extends AbstractSnapshotter {
    StateSnapshotter(EventStore store, TransactionManager transactions) { super(new Builder().eventStore(store).transactionManager(transactions)); }

    @Override protected DomainEventMessage<?> createSnapshot(Class<?> shell, String stream, DomainEventStream events) {
        String kind = shell.getAnnotation(AggregateRoot.class).type();
        State state = initial(kind);
        while (events.hasNext()) {
            state = switch (events.next().getPayload()) {
                case State earlier -> earlier;
                case Event event   -> Aggregate.of(event).evolve(state, event);
                case Object other  -> throw new IllegalStateException(stream + " holds " + other);
            };
        }
        return new GenericDomainEventMessage<>(kind, stream, events.getLastSequenceNumber(), state);
    }

    private static State initial(String kind) {
        for (Aggregate aggregate : Aggregate.values()) if (aggregate.kind().equals(kind)) return aggregate.initial();
        throw new IllegalArgumentException("no aggregate is called " + kind);
    }

    private static final class Builder extends AbstractSnapshotter.Builder { }
}
