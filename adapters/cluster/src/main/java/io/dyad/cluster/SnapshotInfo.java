package io.dyad.cluster;

import io.dyad.domain.Snapshot;
import java.util.Optional;
import java.util.UUID;

/** A snapshot as it is now. {@code remote}: how the other end of the volume's pair stands with it, where it is to be there too. */
public record SnapshotInfo(Snapshot snapshot, String volumeName, Optional<Remote> remote) {
    /** @param status Present, Not Present, Syncing, Deleted or Unknown */
    public record Remote(UUID volumePair, String status) { }
}
