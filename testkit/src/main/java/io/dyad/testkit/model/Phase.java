package io.dyad.testkit.model;

/** How far one end of a pair has come; the only edges are downwards. */
public enum Phase {
    /** Started here, completed nowhere. */
    OFFERED,
    /** Both ends have it. */
    PAIRED,
    /** The other end is gone for good. */
    SEVERED
}
