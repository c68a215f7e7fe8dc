package io.dyad.cluster;

import io.dyad.domain.JobId;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import java.time.Duration;
import java.util.Optional;

/** Blocks on their way to a volume of this cluster: from another volume here, or, without {@code job}, from the other end of its pair. */
public record SyncJob(VolumeId target, Optional<JobId> job, Optional<VolumeId> source, Optional<SnapshotId> snapshot, long doneBytes, long totalBytes, Duration elapsed) {
    /** 0 while nothing has moved. */
    public double bytesPerSecond() { return elapsed.isZero() ? 0 : doneBytes / (elapsed.toNanos() / 1e9); }

    public double percent() { return totalBytes == 0 ? 0 : 100.0 * doneBytes / totalBytes; }

    /** Empty while nothing has moved. */
    public Optional<Double> secondsLeft() { return doneBytes == 0 ? Optional.empty() : Optional.of((totalBytes - doneBytes) / bytesPerSecond()); }
}
