package io.dyad.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * A volume's counters since this process opened it; sizes in bytes, operations counted once each.
 *
 * @param asyncDelay age of the oldest write that the target lacks; empty when unpaired or SnapshotsOnly, zero on an active target
 * @param allocatedBytes what the volume holds
 */
public record VolumeStats(long readOps, long readBytes, long writeOps, long writeBytes, long sizeBytes, long allocatedBytes, Optional<Duration> asyncDelay) { }
