package io.dyad.eventstore;

import io.dyad.domain.EventLog.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.serialization.SerializationException;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/** Reads the log of a directory, whether a server runs on it or not, and never writes there. */
public final class EventLogFiles {
    private static final int ATTEMPTS = 6;

    private EventLogFiles() { }

    /**
     * Hands over every event in order, from the first to at least the last that was durable when the call began; the newest may be
     * a moment from being so. It reads a copy in the temporary directory, taken again when the writer got in between: H2 appends its
     * chunks and leaves old ones alone for a while, so a copy holds a whole version of the log, mostly the latest. A copy is used only
     * if it is whole: positions without a gap up to what the writer had noted as durable.
     */
    public static void replay(Path dir, Consumer<Recorded> consumer) {
        Exception torn = new IOException("no copy was taken");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Path place = temporary();
            try {
                long expected = DirectoryLock.noted(dir);
                Files.copy(dir.resolve(EventFile.FILE), place.resolve(EventFile.FILE), StandardCopyOption.REPLACE_EXISTING);
                try (Connection copy = connect(place)) {
                    long last = scan(copy, recorded -> { });
                    if (last < expected) throw new IOException("the copy ends at " + last + ", the log at " + expected);
                    scan(copy, consumer);
                    return;
                }
            } catch (NoSuchFileException e) {
                throw new IllegalStateException("there is no event log in " + dir, e);
            } catch (SQLException | IOException | SerializationException e) {
                torn = e;
            } finally {
                delete(place);
            }
        }
        throw new IllegalStateException("the event log in " + dir + " cannot be read: " + torn.getMessage(), torn);
    }

    private static Connection connect(Path place) throws SQLException {
        var copy = new JdbcDataSource();
        copy.setURL(EventFile.url("file:", place) + ";IFEXISTS=TRUE;TRACE_LEVEL_FILE=0;MAX_COMPACT_TIME=0");
        return copy.getConnection();
    }

    private static long scan(Connection copy, Consumer<Recorded> consumer) throws SQLException {
        var table = new EventTable(new NamedSerializer(), Upcasters.chain());
        long position = 0;
        for (@Nullable List<TrackedEventMessage<?>> page = null; page == null || !page.isEmpty(); ) {
            page = table.page(copy, position, Long.MAX_VALUE);
            for (var message : page) {
                Recorded recorded = EventTable.recorded(message);
                if (recorded.position() != ++position) throw new SQLException("event " + position + " is missing");
                consumer.accept(recorded);
            }
        }
        return position;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("dyad-audit");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path place) {
        try (Stream<Path> files = Files.list(place)) {
            for (Path file : files.toList()) Files.deleteIfExists(file);
            Files.deleteIfExists(place);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + place, e);
        }
    }
}
