package io.dyad.eventstore;

import static io.dyad.eventstore.Story.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Decision;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog.Recorded;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots and the cache only save time: whatever becomes of them, decisions and events stay the same. */
class SnapshotTest {
    private static final Tuning USUAL = Tuning.DEFAULT;
    private static final Tuning EVERY_3 = new Tuning(USUAL.fileSystem(), USUAL.syncStatement(), USUAL.retentionMs(), 3, USUAL.cachedAggregates());
    private static final Tuning UNCACHED = new Tuning(USUAL.fileSystem(), USUAL.syncStatement(), USUAL.retentionMs(), 3, 0);

    @TempDir Path dir;

    @Test void an_aggregate_of_many_events_is_loaded_from_its_snapshot() throws Exception {
        List<Recorded> before = renamed(7, EVERY_3);
        assertThat(sql("SELECT MAX(sequenceNumber) FROM SnapshotEventEntry")).isGreaterThanOrEqualTo(5);
        sql("UPDATE DomainEventEntry SET payload = X'7B7D' WHERE sequenceNumber < 5");

        try (var log = Story.open(dir, EVERY_3)) {
            assertThat(execute(log, Story.rename("the end"))).as("events before the snapshot are not read").hasSize(1);
        }
        assertThat(before).hasSize(8);
    }

    @Test void a_snapshot_of_another_version_is_ignored() throws Exception {
        assertUnchangedAfter("UPDATE SnapshotEventEntry SET payloadRevision = '0', payload = X'00'");
    }

    @Test void a_snapshot_that_cannot_be_read_is_ignored() throws Exception {
        assertUnchangedAfter("UPDATE SnapshotEventEntry SET payload = X'00'");
    }

    @Test void a_snapshot_with_a_field_missing_is_ignored() throws Exception {
        assertUnchangedAfter("UPDATE SnapshotEventEntry SET payload = X'7B7D'");
    }

    @Test void a_snapshot_of_a_state_that_is_no_more_is_ignored() throws Exception {
        assertUnchangedAfter("UPDATE SnapshotEventEntry SET payloadType = 'ClusterState.Dissolved'");
    }

    @Test void deleted_snapshots_are_not_missed() throws Exception {
        assertUnchangedAfter("DELETE FROM SnapshotEventEntry");
    }

    @Test void without_a_cache_decisions_are_the_same() throws Exception {
        List<Event> cached = renamed(12, EVERY_3).stream().map(Recorded::event).toList();
        dir = dir.resolve("uncached");

        assertThat(renamed(12, UNCACHED)).extracting(Recorded::event).isEqualTo(cached);
    }

    /** Renaming to the same name twice is no event, so a wrong state shows. */
    private void assertUnchangedAfter(String damage) throws Exception {
        List<Recorded> before = renamed(7, EVERY_3);
        assertThat(sql(damage)).as("there was a snapshot").isPositive();

        try (var log = Story.open(dir, EVERY_3)) {
            assertThat(Story.all(log)).isEqualTo(before);
            assertThat(log.execute(Story.rename("name 7"), Story.CAUSE)).isEqualTo(Decision.nothing());
            assertThat(execute(log, Story.rename("name 8"))).hasSize(1);
            assertThat(Story.all(log).getLast().sequence()).isEqualTo(8);
        }
    }

    private List<Recorded> renamed(int times, Tuning tuning) throws Exception {
        try (var log = Story.open(dir, tuning)) {
            execute(log, Story.form("name 0"));
            for (int i = 1; i <= times; i++) execute(log, Story.rename("name " + i));
            return Story.all(log);
        }
    }

    /** The number a query finds or a change changes, in the file of a closed log. */
    private long sql(String sql) throws SQLException {
        var database = new JdbcDataSource();
        database.setURL(EventFile.url("file:", dir));
        try (var connection = database.getConnection(); Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) return statement.getUpdateCount();
            var rows = statement.getResultSet();
            rows.next();
            return rows.getLong(1);
        }
    }
}
