package io.dyad.domain.culprits;

/** Breaks the rule that time is an argument. */
public interface ReadsTheClock {
    java.time.Clock clock();
}
