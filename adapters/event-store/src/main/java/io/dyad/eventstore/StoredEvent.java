package io.dyad.eventstore;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;

/** A row of the event table as Axon's upcasters and serializer take it. */
record StoredEvent(long position, String type, String aggregate, long sequence, String id, Instant at, SimpleSerializedObject<byte[]> payload,
                   SerializedMetaData<byte[]> metaData) implements DomainEventData<byte[]>, TrackedEventData<byte[]> {
    static final String COLUMNS =
        "globalIndex, type, aggregateIdentifier, sequenceNumber, eventIdentifier, timeStamp, payload, payloadType, payloadRevision, metaData";

    static StoredEvent of(ResultSet row) throws SQLException {
        return new StoredEvent(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4), row.getString(5), Instant.parse(row.getString(6)),
            new SimpleSerializedObject<>(row.getBytes(7), byte[].class, row.getString(8), row.getString(9)),
            new SerializedMetaData<>(row.getBytes(10), byte[].class));
    }

    @Override public GlobalSequenceTrackingToken trackingToken() { return new GlobalSequenceTrackingToken(position); }

    @Override public String getType() { return type; }

    @Override public String getAggregateIdentifier() { return aggregate; }

    @Override public long getSequenceNumber() { return sequence; }

    @Override public String getEventIdentifier() { return id; }

    @Override public Instant getTimestamp() { return at; }

    @Override public SerializedObject<byte[]> getMetaData() { return metaData; }

    @Override public SerializedObject<byte[]> getPayload() { return payload; }
}
