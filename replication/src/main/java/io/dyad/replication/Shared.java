package io.dyad.replication;

/** What the volumes of a process share: the rings' memory, buffers for the step in hand, and how fast all pairs together ship. */
public final class Shared {
    private final RingBudget ring;
    private final Rate rate;
    private final Scratch scratch = new Scratch();

    public Shared(RingBudget ring) { this(ring, new Rate(Terms.NO_LIMIT)); }

    public Shared(RingBudget ring, Rate rate) {
        this.ring = ring;
        this.rate = rate;
    }

    public RingBudget ring() { return ring; }

    Rate rate() { return rate; }

    Scratch scratch() { return scratch; }
}
