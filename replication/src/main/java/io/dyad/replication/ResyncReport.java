package io.dyad.replication;

import io.dyad.domain.Milestone;

/** Notices when a source's target lacks nothing any more, once a session and once each time its stream had to begin over, and says so. One owner thread. */
final class ResyncReport {
    private final PairListener listener;
    private String reason = "restart";
    private long sinceNs;
    private boolean told;

    ResyncReport(PairListener listener) { this.listener = listener; }

    /** Why the next session will have something to bring. */
    void because(String why) { reason = why; }

    /** A session begins. */
    void begin(long nowNs) {
        told = false;
        sinceNs = nowNs;
    }

    /** True when the target has lacked nothing since. */
    boolean told() { return told; }

    /** When the session or its last resync began. */
    long sinceNs() { return sinceNs; }

    /** {@code live}: all writes are shipped, not only snapshots. */
    void watch(Shipper session, boolean live, long nowNs) {
        if (told && session.phase() == Shipper.Phase.EPOCH) {               // the ring overflowed: a resync of its own
            reason = live ? "overload" : "snapshot";
            begin(nowNs);
        }
        if (!session.caughtUp() || told) return;
        told = true;
        boolean first = session.firstSync();
        EpochShipper.Effort effort = session.resynced();
        listener.resynced(first ? "first-sync" : reason, effort.shippedBlocks(), effort.payloadBytes(), effort.digestBytes(), nowNs - sinceNs);
        listener.milestone(first ? Milestone.FIRST_SYNC_DONE : Milestone.RESYNC_DONE, effort.shippedBlocks() + " blocks");
    }
}
