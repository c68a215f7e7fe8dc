package io.dyad.testkit.model;

/** One of the two clusters. */
public enum Side {
    A, B;

    public Side other() { return this == A ? B : A; }
}
