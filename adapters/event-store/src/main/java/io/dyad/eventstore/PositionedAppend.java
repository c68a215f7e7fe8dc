package io.dyad.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.eventstore.jdbc.EventSchema;
import org.axonframework.eventsourcing.eventstore.jdbc.statements.AppendEventsStatementBuilder;
import org.axonframework.eventsourcing.eventstore.jdbc.statements.TimestampWriter;
import org.axonframework.serialization.Serializer;

/** The insert of events, at positions given here and times of the log's own clock (Axon's clock is one for the whole process). */
record PositionedAppend(WriterTransactions transactions, Supplier<Instant> clock) implements AppendEventsStatementBuilder {
    private static final String INSERT = """
        INSERT INTO DomainEventEntry(globalIndex, eventIdentifier, aggregateIdentifier, sequenceNumber, type, timeStamp,
            payloadType, payloadRevision, payload, metaData) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    @Override public PreparedStatement build(Connection connection, EventSchema schema, Class<?> dataType, List<? extends EventMessage<?>> events,
                                             Serializer serializer, TimestampWriter ignored) throws SQLException {
        String at = clock.get().toString();
        PreparedStatement insert = connection.prepareStatement(INSERT);
        for (EventMessage<?> message : events) {
            var event = (DomainEventMessage<?>) message;
            var payload = event.serializePayload(serializer, dataType);
            insert.setLong(1, transactions.nextPosition());
            insert.setString(2, event.getIdentifier());
            insert.setString(3, event.getAggregateIdentifier());
            insert.setLong(4, event.getSequenceNumber());
            insert.setString(5, event.getType());
            insert.setString(6, at);
            insert.setString(7, payload.getType().getName());
            insert.setString(8, payload.getType().getRevision());
            insert.setObject(9, payload.getData());
            insert.setObject(10, event.serializeMetaData(serializer, dataType).getData());
            insert.addBatch();
        }
        return insert;
    }
}
