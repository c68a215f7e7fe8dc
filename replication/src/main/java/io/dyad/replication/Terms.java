package io.dyad.replication;

/**
 * What an operator sets for a pair.
 *
 * @param strict Sync: a write that the target does not answer in time fails, and those that follow are refused
 * @param syncTimeoutNs Sync: how long the target may be silent while writes wait
 * @param rateBytesPerSecond how fast at most it ships; {@link #NO_LIMIT} for as fast as it can
 */
public record Terms(boolean strict, long syncTimeoutNs, long rateBytesPerSecond) {
    public static final long NO_LIMIT = Long.MAX_VALUE;
    public static final Terms DEFAULT = new Terms(false, 10_000_000_000L, NO_LIMIT);

    public Terms {
        if (syncTimeoutNs <= 0 || rateBytesPerSecond <= 0) throw new IllegalArgumentException("a time-out and a rate are more than nothing");
    }
}
