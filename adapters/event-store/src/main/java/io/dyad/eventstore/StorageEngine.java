package io.dyad.eventstore;

import java.util.Optional;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.statements.AppendEventsStatementBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Axon's JDBC store, except that a snapshot it cannot use is no snapshot. Axon's own filter by revision never matches (its issue 4644). */
final class StorageEngine extends JdbcEventStorageEngine {
    private static final Logger LOG = LoggerFactory.getLogger(StorageEngine.class);

    StorageEngine(EventTable table, ConnectionProvider connections, AppendEventsStatementBuilder append) {
        super(JdbcEventStorageEngine.builder()
            .eventSerializer(table.serializer()).snapshotSerializer(table.serializer()).upcasterChain(table.upcasters())
            .snapshotFilter(StorageEngine::current)
            .connectionProvider(connections).transactionManager(NoTransactionManager.INSTANCE)
            .appendEvents(append));
    }

    private static boolean current(DomainEventData<?> snapshot) {
        return StateType.VERSION.equals(snapshot.getPayload().getType().getRevision());
    }

    @Override public Optional<DomainEventMessage<?>> readSnapshot(String stream) {
        try {
            Optional<DomainEventMessage<?>> snapshot = super.readSnapshot(stream);
            snapshot.ifPresent(DomainEventMessage::getPayload);
            return snapshot;
        } catch (RuntimeException e) {
            LOG.warn("the snapshot of {} cannot be read, so its events are replayed: {}", stream, e.getMessage());
            return Optional.empty();
        }
    }
}
