package io.dyad.domain;

/** A turn in a pair's replication worth remembering; everything finer stays in the data plane. */
public enum Milestone { FIRST_SYNC_STARTED, FIRST_SYNC_DONE, RESYNC_DONE, IN_SYNC, OUT_OF_SYNC, LINK_LOST, FENCE_DRAINED, DIVERGED, TARGET_FULL, BECAME_SOURCE, BECAME_TARGET }
