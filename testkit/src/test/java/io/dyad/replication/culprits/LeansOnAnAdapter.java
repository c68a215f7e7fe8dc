package io.dyad.replication.culprits;

/** Breaks the rule that replication leans on the domain alone. */
public interface LeansOnAnAdapter {
    io.dyad.cli.Main program();
}
