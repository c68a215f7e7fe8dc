package io.dyad.testkit.model;

/** This end of a cluster pair. */
public record ClusterHalf(long id, String uuid, Phase phase) {
    ClusterHalf in(Phase next) { return new ClusterHalf(id, uuid, next); }
}
