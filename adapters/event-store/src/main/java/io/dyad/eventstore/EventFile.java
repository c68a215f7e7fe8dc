package io.dyad.eventstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;

/** The H2 file of one log, held by one process at a time: {@code DIR/events.mv.db}. */
final class EventFile implements AutoCloseable {
    private static final String NAME = "events";
    static final String FILE = NAME + ".mv.db";
    private static final int FORMAT = 1;
    /**
     * H2 never moves chunks, neither in the background nor as it shuts down: it would move some that a reader is copying,
     * and 2.4.240 then fails an assertion of its own (FreeSpaceBitSet). Chunks without live data are used again after the
     * retention time, so the file takes about 4 KiB an event, and 15 KiB a commit of the last 45 s.
     */
    private static final String SETTINGS = ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=4;MAX_COMPACT_TIME=0;AUTO_COMPACT_FILL_RATE=0";

    /** {@code globalIndex} is given by the writer: 1, 2, 3 … without a gap, so that a reader can tell a whole log from a torn one. */
    private static final String[] SCHEMA = {
        "CREATE TABLE IF NOT EXISTS Format(version INT NOT NULL)",
        """
        CREATE TABLE IF NOT EXISTS DomainEventEntry(globalIndex BIGINT PRIMARY KEY, aggregateIdentifier VARCHAR(255) NOT NULL,
            sequenceNumber BIGINT NOT NULL, type VARCHAR(255) NOT NULL, eventIdentifier VARCHAR(255) NOT NULL, timeStamp VARCHAR(40) NOT NULL,
            payloadType VARCHAR(255) NOT NULL, payloadRevision VARCHAR(255), payload VARBINARY(1048576) NOT NULL, metaData VARBINARY(1048576),
            UNIQUE(aggregateIdentifier, sequenceNumber))""",
        """
        CREATE TABLE IF NOT EXISTS SnapshotEventEntry(aggregateIdentifier VARCHAR(255), sequenceNumber BIGINT, type VARCHAR(255) NOT NULL,
            eventIdentifier VARCHAR(255) NOT NULL, timeStamp VARCHAR(40) NOT NULL, payloadType VARCHAR(255) NOT NULL,
            payloadRevision VARCHAR(255), payload VARBINARY(1048576) NOT NULL, metaData VARBINARY(1048576),
            PRIMARY KEY(aggregateIdentifier, sequenceNumber))""",
        """
        CREATE TABLE IF NOT EXISTS TokenEntry(processorName VARCHAR(255), segment INT, token VARBINARY(1048576), tokenType VARCHAR(255),
            timestamp VARCHAR(40), owner VARCHAR(255), PRIMARY KEY(processorName, segment))"""
    };

    private final DirectoryLock lock;
    private final JdbcConnectionPool pool;
    private final Connection writer;
    private final String syncStatement;

    private EventFile(DirectoryLock lock, JdbcConnectionPool pool, Connection writer, String syncStatement) {
        this.lock = lock;
        this.pool = pool;
        this.writer = writer;
        this.syncStatement = syncStatement;
    }

    /** After a killed process the last events may be in the page cache only, so what is found is synced before anyone sees it. */
    static EventFile open(Path dir, Tuning tuning) {
        DirectoryLock lock = DirectoryLock.take(dir);
        try {
            var database = new JdbcDataSource();
            database.setURL(url(tuning.fileSystem(), dir) + SETTINGS);
            var file = new EventFile(lock, JdbcConnectionPool.create(database), database.getConnection(), tuning.syncStatement());
            file.prepare(tuning.retentionMs());
            file.sync();
            try (var entry = FileChannel.open(dir, StandardOpenOption.READ)) {
                entry.force(true);
            }
            return file;
        } catch (SQLException | IOException | RuntimeException e) {
            lock.close();
            throw new IllegalStateException("the event log in " + dir + " cannot be opened: " + e.getMessage(), e);
        }
    }

    static String url(String fileSystem, Path dir) {
        return "jdbc:h2:" + fileSystem + dir.toAbsolutePath().resolve(NAME).toString().replace(";", "\\;");
    }

    private void prepare(int retentionMs) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute("SET RETENTION_TIME " + retentionMs);
            for (String table : SCHEMA) statement.execute(table);
            statement.execute("INSERT INTO Format SELECT " + FORMAT + " WHERE NOT EXISTS (SELECT * FROM Format)");
            long format = number("SELECT version FROM Format");
            if (format != FORMAT) throw new IllegalStateException("its format is " + format + "; this version reads " + FORMAT);
        }
    }

    /** The writer thread's own connection. */
    Connection writer() { return writer; }

    /** Connections for everyone else. */
    DataSource readers() { return pool; }

    long lastPosition() throws SQLException { return number("SELECT COALESCE(MAX(globalIndex), 0) FROM DomainEventEntry"); }

    private long number(String query) throws SQLException {
        try (Statement statement = writer.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Says to readers of the file how far it is durable. */
    void note(long position) throws IOException { lock.note(position); }

    /** Makes every commit that returned before the call durable. */
    void sync() throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute(syncStatement);
        }
    }

    @Override public void close() throws SQLException {
        pool.dispose();
        try (writer; Statement statement = writer.createStatement()) {
            statement.execute("SHUTDOWN");
        } finally {
            lock.close();
        }
    }

    /** Gives the directory up without a word to H2's file: the log could not be opened. */
    void abandon() {
        pool.dispose();
        lock.close();
    }
}
