package io.dyad.replication;

import io.dyad.domain.Milestone;
import java.util.Optional;
import java.util.UUID;

/** What an end of a volume pair tells its cluster; from the owner thread of its {@link PairEndpoint}. */
public interface PairListener {
    void milestone(Milestone milestone, String detail);

    /** The target lacks nothing any more. {@code digestBytes} settled what was in doubt and are not in {@code payloadBytes}. */
    void resynced(String reason, long blocks, long payloadBytes, long digestBytes, long tookNs);

    /** Source: this snapshot is whole and durable on the target. May be said again. */
    void snapshotShipped(UUID snapshot);

    /** Target: this snapshot of the source has been taken here, durably. May be said again. */
    void snapshotArrived(UUID snapshot);

    /**
     * A snapshot of this end's content was taken, durably, before {@code blocks} blocks that only this end holds are
     * overwritten; a spare one gave way where one is named. May be said again.
     */
    void snapshotKept(UUID snapshot, long blocks, Optional<UUID> gone);

    void failed(String what, Exception cause);
}
