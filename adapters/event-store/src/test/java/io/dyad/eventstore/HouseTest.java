package io.dyad.eventstore;

import static io.dyad.eventstore.Story.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.config.Configuration;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.updates.UpdateChecker;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log does to the process and the disk it lives in. */
class HouseTest {
    @TempDir Path dir;

    @Test void nothing_reports_to_anyone_and_no_server_is_sought() {
        try (var log = Story.open(dir)) {
            Configuration axon = log.host().axon();

            assertThat(axon.getModules()).extracting(module -> module.getClass().getSimpleName()).doesNotContain("UpdateCheckerConfigurerModule", "ServerConnectorConfigurerModule");
            assertThat(axon.getComponent(UpdateChecker.class, () -> null)).isNull();
            assertThat(axon.commandBus()).isExactlyInstanceOf(SimpleCommandBus.class);
            assertThat(axon.eventStore()).isExactlyInstanceOf(EmbeddedEventStore.class);
            assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).noneMatch(name -> name.contains("UpdateCheck"));
        }
        assertThatThrownBy(() -> Class.forName("com.thoughtworks.xstream.XStream")).isInstanceOf(ClassNotFoundException.class);
    }

    @Test void closing_leaves_no_thread_behind() {
        try (var log = Story.open(dir)) {
            execute(log, Story.form("one"));
            log.project("fold", recorded -> { });
        }

        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).noneMatch(name -> name.startsWith("dyad-") && !name.contains("close"));
    }

    @Test void small_commits_reuse_the_space_of_outdated_chunks() throws Exception {
        long halfway;
        try (var log = Story.open(dir, Story.retaining(100))) {
            execute(log, Story.form("one"));
            for (int i = 0; i < 500; i++) execute(log, Story.rename("name " + i));
            halfway = Files.size(dir.resolve(EventFile.FILE));
            for (int i = 0; i < 2000; i++) execute(log, Story.rename("more " + i));
        }

        assertThat(Files.size(dir.resolve(EventFile.FILE))).as("15 KiB a commit would be 30 MB").isLessThan(halfway + (10 << 20));
    }

    @Test void a_file_of_another_format_is_refused_in_words() throws Exception {
        Story.open(dir).close();
        var database = new JdbcDataSource();
        database.setURL(EventFile.url("file:", dir));
        try (var connection = database.getConnection(); var statement = connection.createStatement()) {
            statement.execute("UPDATE Format SET version = 9");
        }

        assertThatThrownBy(() -> Story.open(dir)).hasMessageContaining("its format is 9; this version reads 1");
    }
}
