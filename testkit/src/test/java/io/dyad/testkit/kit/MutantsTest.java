package io.dyad.testkit.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Map;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** What the suite is worth: it catches every {@link Mutant} of the fake, and says how to see it again. */
@DisplayName("The conformance suite")
class MutantsTest {
    private static final String PROPERTY = "any_sequence_of_calls_keeps_the_rules";

    /** Started by the test below only; its name is none that a build looks for. */
    static class MutantSuite extends ConformanceSuite {
        static Mutant mutant = Mutant.NONE;

        @Override protected TwoClusters twoClusters() { return FakeClusters.with(mutant); }

        @Override protected int tries() { return 1500; }

        @Override protected ShrinkingMode shrinking() { return ShrinkingMode.OFF; }
    }

    @ParameterizedTest(name = "catches: {0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void catches(Mutant mutant) {
        String message = failureOf(mutant);

        assertThat(message).as("the suite's verdict on %s", mutant)
            .contains("\nafter\n", "to repeat it: mvn test", "-Dtest=MutantSuite#" + PROPERTY, "-D" + Driving.SEED + "=");
    }

    private static String failureOf(Mutant mutant) {
        MutantSuite.mutant = mutant;
        var request = LauncherDiscoveryRequestBuilder.request().selectors(selectMethod(MutantSuite.class.getName(), PROPERTY, "java.util.List"))
            .configurationParameters(Map.of("jqwik.database", "", "jqwik.reporting.onlyfailures", "true")).build();
        var verdict = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, verdict);
        assertThat(verdict.getSummary().getTestsStartedCount()).isEqualTo(1);
        return verdict.getSummary().getFailures().stream().map(f -> String.valueOf(f.getException().getMessage())).findFirst().orElse("nothing was found");
    }
}
