package io.dyad.replication;

import io.dyad.domain.Milestone;
import io.dyad.replication.PairEndpoint.Role;

/**
 * The end of a direction: a session that is under way brings everything acknowledged so far to the target, for at most
 * {@value #MOST_SECONDS} s, before another direction may begin. One owner thread.
 */
final class Drain {
    static final int MOST_SECONDS = 30;
    private final ReplicatedVolume volume;
    private final PairListener listener;
    private final Line line;
    private boolean underWay;
    private long untilNs;

    Drain(ReplicatedVolume volume, PairListener listener, Line line) {
        this.volume = volume;
        this.listener = listener;
        this.line = line;
    }

    boolean underWay() { return underWay; }

    /** From now on; a target asks its source for it. */
    void begin(long nowNs) {
        if (underWay) return;
        underWay = true;
        untilNs = nowNs + MOST_SECONDS * 1_000_000_000L;
        if (line.role() == Role.TARGET) line.say(Detach.DRAIN);
    }

    /** True when the session is to end, since the target has everything or there is no more time; says how it went. */
    boolean over(long nowNs) {
        Shipper source = line.source();
        if (source != null && source.drained()) {
            line.say(Detach.DRAINED);
            long left = volume.dirtyBlocks();            // where only snapshots ship, what came after the last one
            if (left == 0) listener.milestone(Milestone.FENCE_DRAINED, "");
            else listener.milestone(Milestone.DIVERGED, left + " blocks may not have reached the target: they are in no replicated snapshot");
            return true;
        }
        if (nowNs - untilNs < 0) return false;
        listener.milestone(Milestone.DIVERGED, source != null ? volume.dirtyBlocks() + " blocks did not reach the target" : "the source did not drain in time");
        return true;
    }

    /** The session has ended. */
    void end() { underWay = false; }

    /** When its time is over, or {@code neverNs} when none is under way. */
    long dueNs(long neverNs) { return underWay ? untilNs : neverNs; }
}
