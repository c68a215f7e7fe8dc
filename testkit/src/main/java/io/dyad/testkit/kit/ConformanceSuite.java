package io.dyad.testkit.kit;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * The suite that any implementation of the API must pass: extend it and give it two clusters.
 * After each of a sequence of random calls both clusters must show exactly what the rules say, by what was answered.
 * It fails and never skips; what an implementation lacks it declares in {@link TwoClusters#missing()}, and the refusal is
 * tested. System properties: {@code dyad.kit.tries}, {@code dyad.kit.seed}.
 */
@AddLifecycleHook(Driving.class)
public abstract class ConformanceSuite {
    static final String MANY = "many_long_sequences_of_calls_keep_the_rules";

    /** Two clusters for one sequence of calls, closed after it. */
    protected abstract TwoClusters twoClusters();

    /** How many sequences are tried. */
    protected int tries() { return Integer.getInteger("dyad.kit.tries", 40); }

    /** How many long ones, where minutes do not matter: the tests tagged {@code long}. */
    protected int manyTries() { return Integer.getInteger("dyad.kit.tries", 2000); }

    /** How hard a failing sequence is shortened; against slow clusters, turn it off. */
    protected ShrinkingMode shrinking() { return ShrinkingMode.BOUNDED; }

    @Property
    public void any_sequence_of_calls_keeps_the_rules(@ForAll("steps") List<Step> steps) { play(steps); }

    @Property
    @Tag("long")
    public void many_long_sequences_of_calls_keep_the_rules(@ForAll("manySteps") List<Step> steps) { play(steps); }

    @Provide
    Arbitrary<List<Step>> steps() { return Steps.upTo(20); }

    @Provide
    Arbitrary<List<Step>> manySteps() { return Steps.upTo(80); }

    private void play(List<Step> steps) {
        try (TwoClusters clusters = twoClusters()) {
            Trial trial = Trial.on(clusters);
            steps.forEach(trial::play);
        }
    }
}
