package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.spec.ParamSpec;
import io.dyad.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/methods.md to what the tests go over; with {@code -Ddyad.write=true} writes it. */
class MethodsReferenceTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("../..").normalize();

    @Test void the_table_of_methods_is_what_the_tests_go_over() throws IOException {
        Path file = ROOT.resolve("docs/methods.md");
        String text = new MethodsPage().text();
        if (Boolean.getBoolean("dyad.write")) Files.writeString(file, text);
        assertThat(file).as("missing: " + MethodsPage.COMMAND).exists();
        assertThat(Files.readString(file)).as("stale: " + MethodsPage.COMMAND).isEqualTo(text);
    }

    @Test void a_method_has_a_row() {
        assertThat(Pattern.compile("(?m)^\\| \\[(\\w+)]").matcher(new MethodsPage().text()).results().map(r -> r.group(1)))
            .containsExactlyInAnyOrderElementsOf(Spec.load().methods().keySet());
    }

    @Test void what_the_table_rests_on_is_there() { assertThat(MethodsPage.missing(ROOT)).isEmpty(); }

    @Test void the_siege_asks_for_every_method_and_bends_each_of_its_params() {
        SiegeCensus census = SiegeCensus.taken();
        assertThat(Spec.load().methods().values()).allSatisfy(m -> {
            assertThat(census.asked(m)).as(m.name()).isGreaterThan(SiegeCensus.REQUESTS / 1000);
            assertThat(census.bent(m)).as(m.name()).containsExactlyInAnyOrderElementsOf(m.params().stream().map(ParamSpec::name).toList());
        });
    }
}
