package io.dyad.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Work on blocks that outlasts its call: the content of cuts is copied to volumes, in the background. */
public record Job(JobId id, Kind kind, List<Part> parts, Instant started) {
    public Job { parts = List.copyOf(parts); }

    /** CLONE fills new volumes, COPY replaces the content of one that exists, ROLLBACK that of the volumes which the cuts are of. */
    public enum Kind { CLONE, COPY, ROLLBACK }

    /**
     * One volume's share.
     *
     * @param cut the name of the copied cut in the store of {@code source}
     * @param snapshot empty where the cut was made for this job and goes with it
     */
    public record Part(VolumeId source, UUID cut, Optional<SnapshotId> snapshot, VolumeId target) { }

    /** How it ended. {@code message}: why not, in words; empty when it was done. */
    public record Outcome(boolean success, String message, Instant at) { }
}
