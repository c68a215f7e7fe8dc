package io.dyad.cluster;

import io.dyad.domain.Milestone;
import io.dyad.domain.VolumeId;
import io.dyad.replication.PairListener;
import io.dyad.replication.pairing.Coordinator;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an end of a pair says, to the log and to the coordinator. {@code settle}: the volume lets go of write intents. */
record PairNews(VolumeId id, UUID pair, Supplier<Coordinator> coordinator, Runnable settle) implements PairListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.dyad.replication");

    @Override public void milestone(Milestone milestone, String detail) { coordinator.get().milestone(id, pair, milestone, detail); }

    /** What the target has needs no write intent: a crash from here on ships none of it again. */
    @Override public void resynced(String reason, long blocks, long payloadBytes, long digestBytes, long tookNs) {
        settle.run();
        LOG.info(String.format(Locale.ROOT, "resync %s %s: %d blocks, %d bytes, %.3f s, digests %d bytes", id, reason, blocks, payloadBytes, tookNs / 1e9, digestBytes));
    }

    @Override public void snapshotShipped(UUID snapshot) { LOG.info("volume {}: snapshot {} is on the target", id, snapshot); }

    @Override public void snapshotArrived(UUID snapshot) { coordinator.get().snapshotArrived(id, snapshot); }

    @Override public void snapshotKept(UUID snapshot, long blocks, Optional<UUID> gone) {
        LOG.warn("volume {}: {} blocks that only this end held are kept in snapshot {}", id, blocks, snapshot);
        coordinator.get().snapshotKept(id, snapshot, blocks, gone);
    }

    @Override public void failed(String what, Exception cause) { LOG.error("{}: {}", what, cause.getMessage(), cause); }
}
