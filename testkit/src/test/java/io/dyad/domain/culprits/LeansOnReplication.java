package io.dyad.domain.culprits;

/** Breaks the rule that the domain leans on nothing. */
public interface LeansOnReplication {
    io.dyad.replication.VolumeStore store();
}
