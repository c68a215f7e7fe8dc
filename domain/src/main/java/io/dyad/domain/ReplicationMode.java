package io.dyad.domain;

/**
 * The mode of a pair with a revision that both ends agree on: the higher one wins, so a change made on either end reaches both.
 * Where both ends changed it at once the later {@link Mode} wins, so they still agree.
 */
public record ReplicationMode(Mode mode, long revision) {
    /** What a volume says whose pair has no mode yet; any other wins. */
    public static final ReplicationMode NONE = new ReplicationMode(Mode.ASYNC, 0);

    ReplicationMode changedTo(Mode now) { return now == mode ? this : new ReplicationMode(now, revision + 1); }

    ReplicationMode merged(ReplicationMode other) {
        boolean newer = other.revision == revision ? other.mode.compareTo(mode) > 0 : other.revision > revision;
        return newer ? other : this;
    }
}
