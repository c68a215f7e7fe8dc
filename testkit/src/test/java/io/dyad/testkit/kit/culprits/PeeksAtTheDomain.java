package io.dyad.testkit.kit.culprits;

/** Breaks the rule that the oracle shares no code with the accused. */
public interface PeeksAtTheDomain {
    io.dyad.domain.VolumeId id();
}
