package io.dyad.replication.pairing;

/** Runs what may wait for a peer or for its time, off the caller's thread; what is asked for first need not run first. */
public interface Later {
    /** In so many nanoseconds, or soon after. */
    void run(long delayNs, Runnable task);
}
