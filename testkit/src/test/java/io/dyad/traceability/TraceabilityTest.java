package io.dyad.traceability;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.spec.RuleSpec;
import io.dyad.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds docs/traceability.md to the rules and the tests; with {@code -Ddyad.write=true} writes it. */
class TraceabilityTest {
    static final String COMMAND = "mvn -pl testkit -am test -Dtest=TraceabilityTest -Dsurefire.failIfNoSpecifiedTests=false -Ddyad.write=true";
    private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("..").normalize();
    private static final RuleSpec RULE = new RuleSpec("CP-1", "At most four.");
    private static final RuleSpec BARE = new RuleSpec("VP-1", "One to one.");

    @Test void the_page_is_what_rules_and_tests_say() throws IOException {
        TraceabilityPage page = TraceabilityPage.of(Spec.load().rules().values(), ROOT);
        Path file = ROOT.resolve("docs/traceability.md");
        if (Boolean.getBoolean("dyad.write")) Files.writeString(file, page.text());

        assertThat(file).as("missing: " + COMMAND).exists();
        assertThat(Files.readString(file)).as("stale: " + COMMAND).isEqualTo(page.text());
    }

    @Test void no_test_is_named_after_a_rule_that_does_not_exist() throws IOException {
        assertThat(TraceabilityPage.of(Spec.load().rules().values(), ROOT).strays()).isEmpty();
    }

    @Test void the_sources_are_found() throws IOException {
        assertThat(TraceabilityPage.of(Spec.load().rules().values(), ROOT).tests())
            .containsKey("testkit/src/test/java/io/dyad/traceability/TraceabilityTest.java")
            .allSatisfy((path, tests) -> assertThat(ROOT.resolve(path)).isRegularFile());
    }

    @Test void a_test_is_named_by_its_method_or_by_a_tag_on_it_or_on_its_type() {
        String source = "@Tag(\"CP-1\") class Limits {\n @Test void VP_1_a_volume() { }\n @Tag(\"VP-2\")\n @Property(tries = 5) boolean stays() { }\n"
            + " @Test void of_both_CP_12_and_ER_3() { }\n @Test void plain() { }\n}";

        assertThat(NamedTest.in(source)).containsExactly(new NamedTest("CP-1", "Limits", ""), new NamedTest("VP-1", "Limits", "VP_1_a_volume"),
            new NamedTest("VP-2", "Limits", "stays"), new NamedTest("CP-12", "Limits", "of_both_CP_12_and_ER_3"),
            new NamedTest("ER-3", "Limits", "of_both_CP_12_and_ER_3"));
    }

    @Test void a_comment_or_a_text_names_no_test() {
        assertThat(NamedTest.in("class Limits { String a = \"void CP_1_x() \\\" { }\"; char b = '\"'; @Test void VP_1_a_volume() { } }"))
            .containsExactly(new NamedTest("VP-1", "Limits", "VP_1_a_volume"));
        assertThat(NamedTest.in("class Limits {\n /* @Tag(\"CP-1\") */\n // void CP_1_was_here() { }\n @Test void plain() { }\n}")).isEmpty();
    }

    @Test void a_rule_without_a_test_stands_out() {
        var page = new TraceabilityPage(List.of(RULE, BARE), Map.of("a/src/test/java/Limits.java", NamedTest.in("class Limits { void CP_1_the_fifth_is_refused() { } }")));

        assertThat(page.untested()).containsExactly("VP-1");
        assertThat(page.text()).contains("1 of 2 rules have a test. **Without one: VP-1.**",
            "**CP-1** At most four.\n- [Limits](../a/src/test/java/Limits.java): the fifth is refused\n", "**VP-1** One to one.\n- ⚠ **no test**\n");
    }

    @Test void a_test_of_an_unknown_rule_is_a_stray() {
        var page = new TraceabilityPage(List.of(RULE), Map.of("Limits.java", NamedTest.in("class Limits { void CP_9_what() { } }")));

        assertThat(page.strays()).containsExactly(new NamedTest("CP-9", "Limits", "CP_9_what"));
    }
}
