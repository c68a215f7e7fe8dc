package io.dyad.testkit.sim;

/** The end of a cluster in the middle of what it does. Nothing in the product catches it. */
final class SimCrash extends Error {
    private static final long serialVersionUID = 1;
    private final transient SimCluster victim;

    /** KILL: memory is lost, what was written stays. POWER: what was not made durable may be lost, any part of it. */
    enum Kind { KILL, POWER }

    SimCrash(SimCluster victim) {
        super("crash of " + victim.name(), null, false, false);
        this.victim = victim;
    }

    SimCluster victim() { return victim; }
}
