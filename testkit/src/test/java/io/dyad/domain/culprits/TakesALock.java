package io.dyad.domain.culprits;

/** Breaks the rule that the domain needs no concurrency. */
public interface TakesALock {
    java.util.concurrent.locks.Lock lock();
}
