package io.dyad.eventstore;

import io.dyad.domain.Command;
import io.dyad.domain.Decision;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one cluster in one directory, held by one process. Every command runs on one writer thread; commands that wait together
 * share one fsync. An observer runs on the writer thread and must not call {@link #execute}; a projection may.
 */
public final class AxonEventLog implements EventLog {
    private static final Logger LOG = LoggerFactory.getLogger(AxonEventLog.class);

    private final EventFile file;
    private final WriterTransactions transactions;
    private final AxonHost host;
    private final DurableFeed feed;
    private final WriterThread writer;
    private final Map<String, Projection> projections = new ConcurrentHashMap<>();
    private boolean closed;

    private AxonEventLog(EventFile file, EventTable table, Supplier<Instant> clock, Tuning tuning) throws SQLException, IOException {
        this.file = file;
        transactions = new WriterTransactions(file);
        file.note(transactions.committed());
        host = new AxonHost(transactions, table, clock, tuning);
        feed = new DurableFeed(table, file.readers(), transactions.committed());
        writer = new WriterThread("dyad-event-log", this::makeDurable);
    }

    /** Opens or makes the log of a directory. {@code clock} gives events their time. */
    public static AxonEventLog open(Path dir, Supplier<Instant> clock) {
        return open(dir, clock, Tuning.DEFAULT, new EventTable(new NamedSerializer(), Upcasters.chain()));
    }

    static AxonEventLog open(Path dir, Supplier<Instant> clock, Tuning tuning, EventTable table) {
        EventFile file = EventFile.open(dir, tuning);
        try {
            return new AxonEventLog(file, table, clock, tuning);
        } catch (SQLException | IOException | RuntimeException e) {
            file.abandon();
            throw new IllegalStateException("the event log in " + dir + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private void makeDurable() throws SQLException, IOException {
        if (transactions.broken()) throw new IllegalStateException("a transaction could not be ended");
        if (transactions.committed() == feed.watermark()) return;
        long committed = transactions.committed();
        file.sync();
        file.note(committed);
        feed.advance(committed);
    }

    @Override public Decision<Event> execute(Command command, Cause cause) { return writer.run(() -> host.dispatch(command, cause)); }

    /** The bulk is read on the caller's behalf beside the writer, which is held up for the last few events only. */
    @Override public AutoCloseable observe(Consumer<Recorded> observer) {
        long behind = Aside.call("dyad-event-replay", () -> {
            long upTo = feed.watermark();
            feed.replay(0, upTo, observer);
            return upTo;
        });
        return writer.run(() -> feed.join(behind, observer));
    }

    @Override public AutoCloseable project(String name, Consumer<Recorded> projection) {
        var started = new Projection(name, projection, feed, file.readers());
        if (projections.putIfAbsent(name, started) != null) throw new IllegalStateException("projection " + name + " runs already");
        started.start();
        return () -> {
            started.close();
            projections.remove(name, started);
        };
    }

    /** Projections first, for they may still execute; then what waits to be written; then the file. */
    @Override public synchronized void close() {
        if (closed) return;
        closed = true;
        projections.values().forEach(Projection::close);
        writer.close();
        host.close();
        try {
            Aside.call("dyad-event-close", () -> {
                file.close();
                return true;
            });
        } catch (IllegalStateException e) {
            LOG.warn("the event log was not shut down in order; what was answered is on the disk", e);
        }
    }

    /** Axon's configuration, for tests that look inside. */
    AxonHost host() { return host; }

    /** How many events are on the disk. */
    long durable() { return feed.watermark(); }
}
