package io.dyad.eventstore;

import static io.dyad.eventstore.Story.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.EventLog.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogFilesTest {
    @TempDir Path dir;

    @Test void a_log_at_rest_reads_as_it_was_observed() throws Exception {
        List<Recorded> observed;
        try (var log = Story.open(dir)) {
            Story.load(log, 16, (2 * EventTable.PAGE + 100) / 16);
            observed = Story.all(log);
            assertThat(observed).hasSizeGreaterThan(2 * EventTable.PAGE);
        }

        assertThat(replayed()).isEqualTo(observed);
    }

    @Test void beside_busy_writers_nothing_durable_is_missing_and_nobody_is_disturbed() throws Exception {
        try (var log = Story.open(dir, Story.retaining(200)); var threads = Executors.newFixedThreadPool(4)) {
            var busy = new AtomicBoolean(true);
            var writers = IntStream.rangeClosed(1, 4).mapToObj(volume -> threads.submit(() -> {
                for (int step = 0; busy.get(); step++) assertThat(execute(log, Story.pairing(volume, step))).hasSize(1);
                return volume;
            })).toList();

            for (int audit = 0; audit < 12; audit++) {
                long durable = log.durable();
                List<Recorded> seen = replayed();
                assertThat(seen).hasSizeGreaterThanOrEqualTo((int) durable).extracting(Recorded::position)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, seen.size()).boxed().toList());
            }

            busy.set(false);
            for (var writer : writers) writer.get();
            assertThat(replayed()).isEqualTo(Story.all(log));
        }
    }

    @Test void a_copy_that_lacks_what_was_noted_as_durable_is_not_shown() throws IOException {
        try (var log = Story.open(dir)) {
            execute(log, Story.form("one"));
        }
        Files.writeString(dir.resolve("lock"), "2");

        assertThatThrownBy(this::replayed).hasMessageContaining("the copy ends at 1, the log at 2");
    }

    @Test void a_directory_without_a_log_is_named_and_left_empty() {
        assertThatThrownBy(this::replayed).hasMessage("there is no event log in " + dir);
        assertThat(dir).isEmptyDirectory();
    }

    private List<Recorded> replayed() {
        List<Recorded> seen = new ArrayList<>();
        EventLogFiles.replay(dir, seen::add);
        return seen;
    }
}
