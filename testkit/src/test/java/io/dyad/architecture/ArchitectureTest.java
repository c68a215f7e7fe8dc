package io.dyad.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shape of the house, held: each {@link Rule} is obeyed by the code and broken by its culprit. */
@DisplayName("The architecture")
class ArchitectureTest {

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.dyad");

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void is_obeyed(Rule rule) {
        rule.condition().check(CODE);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void bites_its_culprit(Rule rule) {
        var culprit = new ClassFileImporter().importClasses(rule.culprit());

        var verdict = rule.condition().evaluate(culprit);

        assertThat(verdict.hasViolation()).as("%s is a violation", rule.culprit()).isTrue();
    }

    @Test
    void is_judged_on_the_real_modules() {
        assertThat(CODE.stream().map(c -> c.getPackageName()))
                .contains("io.dyad.domain", "io.dyad.replication", "io.dyad.cli");
    }

    @Test
    void does_not_judge_the_culprits() {
        assertThat(CODE.stream().map(c -> c.getPackageName())).noneMatch(name -> name.endsWith(".culprits"));
    }
}
