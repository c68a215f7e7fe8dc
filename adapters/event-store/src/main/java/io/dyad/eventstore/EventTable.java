package io.dyad.eventstore;

import io.dyad.domain.Event;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.EventLog.Recorded;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;

/** The stored events in order of position: the one way out of the log, live, replayed or audited. */
record EventTable(Serializer serializer, EventUpcaster upcasters) {
    /** Rows a query fetches at once. */
    static final int PAGE = 1000;

    private static final String SELECT = "SELECT " + StoredEvent.COLUMNS
        + " FROM DomainEventEntry WHERE globalIndex > ? AND globalIndex <= ? ORDER BY globalIndex LIMIT " + PAGE;

    /** At most a page of the events after one position, up to and with another. */
    List<TrackedEventMessage<?>> page(Connection connection, long after, long upTo) throws SQLException {
        List<StoredEvent> rows = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setLong(1, after);
            select.setLong(2, upTo);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) rows.add(StoredEvent.of(row));
            }
        }
        return EventUtils.upcastAndDeserializeTrackedEvents(rows.stream(), serializer, upcasters).toList();
    }

    static Recorded recorded(TrackedEventMessage<?> message) {
        var stored = (DomainEventMessage<?>) message;
        var about = message.getMetaData();
        var cause = new Cause(about.getOrDefault(AxonHost.WHO, "unknown").toString(), about.getOrDefault(AxonHost.CALL, "unknown").toString());
        return new Recorded(message.trackingToken().position().orElseThrow(), message.getTimestamp(), cause,
            stored.getAggregateIdentifier(), stored.getSequenceNumber(), (Event) message.getPayload());
    }
}
