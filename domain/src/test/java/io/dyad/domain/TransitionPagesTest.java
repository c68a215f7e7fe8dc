package io.dyad.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the pages in docs/transitions to the deciders; with {@code -Ddyad.write=true} writes them. */
class TransitionPagesTest {
    static final String COMMAND = "mvn -pl domain test -Dtest=TransitionPagesTest -Ddyad.write=true";
    private static final Path FOLDER = Path.of(System.getProperty("basedir", ".")).resolve("../docs/transitions").normalize();

    @ParameterizedTest @EnumSource void the_page_is_what_the_decider_says(Aggregate aggregate) throws IOException {
        TransitionPage page = new TransitionPage(Samples.of(aggregate));
        Path file = FOLDER.resolve(page.fileName());
        if (Boolean.getBoolean("dyad.write")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, page.text());
        }

        assertThat(file).as("missing: " + COMMAND).exists();
        assertThat(Files.readString(file)).as("stale: " + COMMAND).isEqualTo(page.text());
    }

    @ParameterizedTest @EnumSource void the_page_has_a_column_for_each_state_and_a_row_for_each_command(Aggregate aggregate) {
        SampleSet set = Samples.of(aggregate);

        String[] rows = new TransitionPage(set).text().lines().filter(l -> l.startsWith("|")).toArray(String[]::new);

        assertThat(rows).hasSize(2 + set.commandType().getPermittedSubclasses().length)
            .allSatisfy(row -> assertThat(row.chars().filter(c -> c == '|')).hasSize(2 + set.stateType().getPermittedSubclasses().length));
    }
}
