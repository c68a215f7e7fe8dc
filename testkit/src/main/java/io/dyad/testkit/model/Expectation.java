package io.dyad.testkit.model;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a call may answer. Where several rules refuse, any of their names will do: which comes first is documented nowhere.
 * Where the contract leaves open whether a call is refused at all, it {@code maySucceed} as well.
 */
public record Expectation(Set<String> refusals, boolean maySucceed) {
    public Expectation { refusals = Set.copyOf(refusals); }

    static Collector rules() { return new Collector(); }

    public static Expectation refused(String... names) { return new Expectation(new TreeSet<>(Arrays.asList(names)), false); }

    @Override public String toString() {
        String names = String.join(" or ", new TreeSet<>(refusals));
        return refusals.isEmpty() ? "a result" : maySucceed ? names + " or a result" : names;
    }

    /** Rules, asked one after another. */
    static final class Collector {
        private final Set<String> refusals = new TreeSet<>();
        private final Set<String> allowed = new TreeSet<>();

        Collector refuse(boolean when, String... names) {
            if (when) refusals.addAll(Arrays.asList(names));
            return this;
        }

        /** A refusal that the contract neither asks for nor forbids. */
        Collector mayRefuse(boolean when, String... names) {
            if (when) allowed.addAll(Arrays.asList(names));
            return this;
        }

        Expectation expect() {
            boolean must = !refusals.isEmpty();
            refusals.addAll(allowed);
            return new Expectation(refusals, !must);
        }
    }
}
