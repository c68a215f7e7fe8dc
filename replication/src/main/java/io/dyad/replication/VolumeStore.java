package io.dyad.replication;

import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.util.Set;

/** Where one cluster keeps its volumes. Safe for use by any thread; one volume is opened at most once at a time. */
public interface VolumeStore {
    /** Makes an empty volume, durably, and opens it. {@code sizeBytes} is a multiple of 4096. */
    StoredVolume create(VolumeId id, long sizeBytes) throws IOException;

    /** Opens a volume and recovers it; what was flushed before a crash is there again. */
    StoredVolume open(VolumeId id) throws IOException;

    /** Deletes a closed volume with everything in it. Absent is fine. */
    void delete(VolumeId id) throws IOException;

    Set<VolumeId> volumes() throws IOException;
}
