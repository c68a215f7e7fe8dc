package io.dyad.replication.pairing;

/** How often something may begin: after a rest {@code atOnce} times without waiting, in the long run once a period. Times in nanoseconds. Safe for any thread. */
final class Cadence {
    private final long periodNs;
    private final int atOnce;
    /** When all that began would have begun, had each waited its period; 0 before the first. */
    private long paidNs;

    Cadence(long periodNs, int atOnce) {
        this.periodNs = periodNs;
        this.atOnce = atOnce;
    }

    /** How long to wait before the next may begin. */
    synchronized long waitNs(long nowNs) { return paidNs == 0 ? 0 : Math.max(0, paidNs - (atOnce - 1) * periodNs - nowNs); }

    /** One begins. */
    synchronized void began(long nowNs) { paidNs = paidNs == 0 ? nowNs + periodNs : Math.max(paidNs, nowNs) + periodNs; }
}
