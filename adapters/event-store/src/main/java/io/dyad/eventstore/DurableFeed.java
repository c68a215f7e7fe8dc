package io.dyad.eventstore;

import io.dyad.domain.EventLog.Recorded;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The durable part of the log as a stream: how far the disk has it, and who hears of more. Only the writer thread advances it. */
final class DurableFeed {
    private static final Logger LOG = LoggerFactory.getLogger(DurableFeed.class);

    private final EventTable table;
    private final DataSource readers;
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final List<Runnable> wakers = new CopyOnWriteArrayList<>();
    private volatile long watermark;

    DurableFeed(EventTable table, DataSource readers, long watermark) {
        this.table = table;
        this.readers = readers;
        this.watermark = watermark;
    }

    /** The last position known to be on the disk. */
    long watermark() { return watermark; }

    /** Tells every observer of the events up to a position that has just been synced. What an observer throws is logged: the event stands. */
    void advance(long synced) throws SQLException {
        long before = watermark;
        if (synced == before) return;
        if (!observers.isEmpty()) replay(before, synced, recorded -> observers.forEach(observer -> observer.hear(recorded)));
        watermark = synced;
        wakers.forEach(Runnable::run);
    }

    /** The events after one position up to and with another, which must be durable. */
    void replay(long after, long upTo, Consumer<Recorded> consumer) throws SQLException {
        try (Connection connection = readers.getConnection()) {
            for (long position = after; position < upTo; ) {
                List<TrackedEventMessage<?>> page = table.page(connection, position, upTo);
                if (page.isEmpty()) throw new SQLException("events " + (position + 1) + " to " + upTo + " are missing");
                for (var message : page) consumer.accept(EventTable.recorded(message));
                position = page.getLast().trackingToken().position().orElseThrow();
            }
        }
    }

    /** At most a page of durable events after a position. */
    List<TrackedEventMessage<?>> page(long after) throws SQLException {
        try (Connection connection = readers.getConnection()) {
            return table.page(connection, after, watermark);
        }
    }

    /** On the writer thread: hands over what came after a position, and from now on whatever comes. */
    AutoCloseable join(long after, Consumer<Recorded> consumer) throws SQLException {
        replay(after, watermark, consumer);
        var observer = new Observer(consumer);
        observers.add(observer);
        return () -> {
            observer.gone = true;
            observers.remove(observer);
        };
    }

    /** Runs a task after each advance, on the writer thread; it must not block. */
    AutoCloseable onAdvance(Runnable waker) {
        wakers.add(waker);
        return () -> wakers.remove(waker);
    }

    private static final class Observer {
        private final Consumer<Recorded> consumer;
        private volatile boolean gone;

        Observer(Consumer<Recorded> consumer) { this.consumer = consumer; }

        void hear(Recorded recorded) {
            if (gone) return;
            try {
                consumer.accept(recorded);
            } catch (RuntimeException e) {
                LOG.error("an observer failed at {}", recorded, e);
            }
        }
    }
}
