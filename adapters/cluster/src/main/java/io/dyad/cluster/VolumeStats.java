package io.dyad.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * What a volume has done and holds. Totals are counted since the cluster was opened.
 *
 * @param lastSample what was done during the last {@code samplePeriod}, of about a second; zero before the first has passed
 * @param allocatedBytes what the volume holds
 * @param asyncDelay age of the oldest write that the target lacks; empty when unpaired or SnapshotsOnly, zero on an active target
 */
public record VolumeStats(Activity total, Activity lastSample, Duration samplePeriod, long sizeBytes, long allocatedBytes, Optional<Duration> asyncDelay,
                          Replication replication) {
    /**
     * What a source's target lacks and was sent; all zero where nothing is replicated.
     *
     * @param lagBytes at most so many are to be shipped
     * @param oldestUnreplicated age of the oldest write among them
     * @param eta until it lacks nothing at the present speed; empty while the host is faster
     * @param shippedPayloadBytes data shipped since this process opened the volume; digests are apart
     */
    public record Replication(long lagBytes, Duration oldestUnreplicated, Optional<Duration> eta, long shippedPayloadBytes, long shippedDigestBytes) {
        public static final Replication NONE = new Replication(0, Duration.ZERO, Optional.of(Duration.ZERO), 0, 0);
    }
}
