package io.dyad.eventstore;

import static io.dyad.eventstore.Story.all;
import static io.dyad.eventstore.Story.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.ClusterEvent.ClusterFormed;
import io.dyad.domain.ClusterEvent.ClusterRenamed;
import io.dyad.domain.Decision;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AxonEventLogTest {
    @TempDir Path dir;

    @Test void the_first_command_on_a_new_stream_is_decided_and_recorded() throws Exception {
        try (var log = Story.open(dir)) {
            execute(log, Story.form("one"));

            assertThat(all(log)).containsExactly(
                new Recorded(1, Story.NOON, Story.CAUSE, "cluster", 0, new ClusterFormed(new UUID(1, 2), "abcd", "one")));
        }
    }

    @Test void a_refusal_is_returned_and_leaves_no_trace() throws Exception {
        try (var log = Story.open(dir)) {
            Decision<?> decision = log.execute(Story.rename("two"), Story.CAUSE);

            assertThat(decision).isInstanceOfSatisfying(Decision.Refused.class, r -> assertThat(r.why()).isEqualTo(Refusal.WRONG_CLUSTER_STATE));
            assertThat(all(log)).isEmpty();
            assertThat(execute(log, Story.form("one"))).as("the refused stream still begins").hasSize(1);
        }
    }

    @Test void what_was_executed_is_there_after_reopening_and_goes_on() throws Exception {
        try (var log = Story.open(dir)) {
            execute(log, Story.form("one"));
            execute(log, Story.rename("two"));
        }
        try (var log = Story.open(dir)) {
            execute(log, Story.rename("three"));

            assertThat(all(log)).extracting(Recorded::event)
                .containsExactly(new ClusterFormed(new UUID(1, 2), "abcd", "one"), new ClusterRenamed("two"), new ClusterRenamed("three"));
            assertThat(all(log)).extracting(Recorded::sequence).containsExactly(0L, 1L, 2L);
        }
    }

    @Test void an_observer_has_seen_an_event_when_execute_returns() throws Exception {
        try (var log = Story.open(dir)) {
            List<Recorded> seen = new CopyOnWriteArrayList<>();
            log.observe(seen::add);

            execute(log, Story.form("one"));

            assertThat(seen).hasSize(1);
        }
    }

    @Test void between_replay_and_live_no_event_is_missed_or_seen_twice() throws Exception {
        try (var log = Story.open(dir); var threads = Executors.newFixedThreadPool(4)) {
            var writers = IntStream.rangeClosed(1, 4).mapToObj(volume -> threads.submit(
                () -> IntStream.range(0, 200).forEach(step -> execute(log, Story.pairing(volume, step))))).toList();
            List<List<Recorded>> observers = new CopyOnWriteArrayList<>();
            do {
                List<Recorded> seen = new CopyOnWriteArrayList<>();
                observers.add(seen);
                log.observe(seen::add);
            } while (!writers.stream().allMatch(w -> w.isDone()));
            for (var writer : writers) writer.get();

            assertThat(observers).allSatisfy(seen -> assertThat(seen).extracting(Recorded::position)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 800).boxed().toList()));
        }
    }

    @Test void an_observer_that_has_left_hears_nothing() throws Exception {
        try (var log = Story.open(dir)) {
            List<Recorded> seen = new CopyOnWriteArrayList<>();
            log.observe(seen::add).close();

            execute(log, Story.form("one"));

            assertThat(seen).isEmpty();
        }
    }

    @Test void an_observer_that_fails_harms_nobody() throws Exception {
        try (var log = Story.open(dir)) {
            List<Recorded> seen = new CopyOnWriteArrayList<>();
            log.observe(recorded -> { throw new IllegalArgumentException("on purpose"); });
            log.observe(seen::add);

            execute(log, Story.form("one"));

            assertThat(seen).hasSize(1);
        }
    }

    @Test void an_observer_that_executes_is_told_so_instead_of_waiting_for_itself() {
        try (var log = Story.open(dir)) {
            List<Throwable> thrown = new CopyOnWriteArrayList<>();
            log.observe(recorded -> {
                try {
                    log.execute(Story.rename("again"), Story.CAUSE);
                } catch (IllegalStateException e) {
                    thrown.add(e);
                }
            });

            execute(log, Story.form("one"));

            assertThat(thrown).singleElement().asString().contains("must not wait for the log it observes");
        }
    }

    @Test void an_interrupted_caller_is_answered_and_the_log_lives_on() throws Exception {
        try (var log = Story.open(dir)) {
            Thread.currentThread().interrupt();
            execute(log, Story.form("one"));
            List<Recorded> seen = all(log);
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();

            execute(log, Story.rename("two"));
            assertThat(seen).hasSize(1);
        }
    }

    @Test void a_second_dyad_is_refused_by_name_of_the_directory() {
        try (var log = Story.open(dir)) {
            assertThatThrownBy(() -> Story.open(dir)).hasMessage(dir + " is in use by another Dyad");
            assertThat(execute(log, Story.form("one"))).hasSize(1);
        }
        Story.open(dir).close();
    }

    @Test void a_closed_log_refuses_work_and_closes_twice() {
        var log = Story.open(dir);
        log.close();
        log.close();

        assertThatThrownBy(() -> log.execute(Story.form("one"), Story.CAUSE)).isInstanceOf(IllegalStateException.class).hasMessage("the event log is closed");
    }
}
