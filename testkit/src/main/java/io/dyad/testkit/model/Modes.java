package io.dyad.testkit.model;

import io.dyad.spec.Spec;
import io.dyad.spec.TypeSpec.Words;

/** Replication modes, read in any case and answered as the contract spells them (ER-6). */
final class Modes {
    private static final Words MODES = (Words) Spec.load().type("ReplicationMode");

    private Modes() { }

    static String canonical(String said) { return MODES.canonical(said).orElseThrow(); }
}
