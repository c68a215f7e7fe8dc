package io.dyad.eventstore;

import static io.dyad.eventstore.Story.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.EventLog.Recorded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProjectionTest {
    @TempDir Path dir;

    private final BlockingQueue<Long> seen = new LinkedBlockingQueue<>();

    @Test void a_projection_sees_what_was_and_what_comes_in_order() throws Exception {
        try (var log = Story.open(dir)) {
            Story.load(log, 4, 100);
            log.project("fold", this::see);
            Story.load(log, 4, 50);

            assertThat(next(600)).isEqualTo(positions(1, 600));
        }
    }

    @Test void a_projection_goes_on_after_reopening_where_it_stopped() throws Exception {
        try (var log = Story.open(dir)) {
            Story.load(log, 1, 10);
            log.project("fold", this::see);
            next(10);
        }
        try (var log = Story.open(dir)) {
            execute(log, Story.form("one"));
            log.project("fold", this::see);

            assertThat(next(1)).containsExactly(11L);
        }
    }

    @Test void a_lost_token_makes_the_projection_begin_anew() throws Exception {
        a_projection_goes_on_after_reopening_where_it_stopped();
        var database = new JdbcDataSource();
        database.setURL(EventFile.url("file:", dir));
        try (var connection = database.getConnection(); var statement = connection.createStatement()) {
            statement.execute("DELETE FROM TokenEntry");
        }
        try (var log = Story.open(dir)) {
            log.project("fold", this::see);

            assertThat(next(11)).isEqualTo(positions(1, 11));
        }
    }

    @Test void an_event_the_consumer_fails_on_comes_again_before_any_other() throws Exception {
        try (var log = Story.open(dir)) {
            Story.load(log, 1, 3);
            var failures = new AtomicInteger(3);
            log.project("fold", recorded -> {
                see(recorded);
                if (recorded.position() == 2 && failures.getAndDecrement() > 0) throw new IllegalArgumentException("on purpose");
            });

            assertThat(next(6)).containsExactly(1L, 2L, 2L, 2L, 2L, 3L);
        }
    }

    @Test void a_projection_may_execute() throws Exception {
        try (var log = Story.open(dir)) {
            log.project("fold", recorded -> {
                see(recorded);
                if (recorded.position() < 5) execute(log, Story.rename("name " + recorded.position()));
            });
            execute(log, Story.form("one"));

            assertThat(next(5)).isEqualTo(positions(1, 5));
        }
    }

    @Test void a_closed_projection_hears_nothing_and_its_name_is_free_again() throws Exception {
        try (var log = Story.open(dir)) {
            var projection = log.project("fold", this::see);
            assertThatThrownBy(() -> log.project("fold", this::see)).hasMessage("projection fold runs already");
            execute(log, Story.form("one"));
            next(1);
            projection.close();
            execute(log, Story.rename("two"));
            assertThat(seen).isEmpty();

            log.project("fold", this::see);
            assertThat(next(1)).containsExactly(2L);
        }
    }

    @Test void closing_does_not_wait_for_a_consumer_that_never_succeeds() throws Exception {
        try (var log = Story.open(dir)) {
            execute(log, Story.form("one"));
            log.project("fold", recorded -> {
                see(recorded);
                throw new IllegalArgumentException("on purpose");
            });
            next(1);
        }
        try (var log = Story.open(dir)) {
            seen.clear();
            log.project("fold", this::see);
            assertThat(next(1)).as("the event was not taken for done").containsExactly(1L);
        }
    }

    @Test void the_log_advances_while_streams_of_it_open() throws Exception {
        var feed = new DurableFeed(new EventTable(new NamedSerializer(), Upcasters.chain()), new JdbcDataSource(), 0);
        var source = new DurableSource(feed);
        var opening = new AtomicBoolean(true);
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<?> writer = threads.submit(() -> {
                for (long position = 1; opening.get(); position++) feed.advance(position);
                return null;
            });
            for (int i = 0; i < 50_000 && !writer.isDone(); i++) source.openStream(new GlobalSequenceTrackingToken(0)).close();
            opening.set(false);
            writer.get();
        }
    }

    private void see(Recorded recorded) { seen.add(recorded.position()); }

    private List<Long> next(int count) throws InterruptedException {
        var positions = new ArrayList<Long>();
        while (positions.size() < count) {
            Long position = seen.poll(20, TimeUnit.SECONDS);
            if (position == null) throw new AssertionError("only " + positions + " came");
            positions.add(position);
        }
        return positions;
    }

    private static List<Long> positions(int first, int last) { return IntStream.rangeClosed(first, last).mapToLong(i -> i).boxed().toList(); }
}
