package io.dyad.replication;

/** What the volumes of a process share of its memory: the rings' budget, and buffers for the step in hand. */
public final class Memory {
    private final RingBudget ring;
    private final Scratch scratch = new Scratch();

    public Memory(RingBudget ring) { this.ring = ring; }

    public RingBudget ring() { return ring; }

    Scratch scratch() { return scratch; }
}
