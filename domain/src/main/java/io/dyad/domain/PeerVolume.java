package io.dyad.domain;

/** The other volume of a pair, as its cluster last reported it. */
public record PeerVolume(long volumeId, String name, Access access, long sizeBytes, boolean deleted, boolean pausedManual) { }
