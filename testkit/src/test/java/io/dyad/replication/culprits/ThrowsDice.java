package io.dyad.replication.culprits;

/** Breaks the rule that chance is an argument. */
public interface ThrowsDice {
    java.security.SecureRandom dice();
}
