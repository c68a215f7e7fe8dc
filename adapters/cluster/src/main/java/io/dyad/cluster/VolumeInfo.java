package io.dyad.cluster;

import io.dyad.domain.ClusterPairId;
import io.dyad.domain.Mode;
import io.dyad.domain.Volume;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A volume as it is now. {@code deletedAt} and {@code purgeAt} are there while it is deleted and restorable. */
public record VolumeInfo(Volume volume, Optional<Instant> deletedAt, Optional<Instant> purgeAt, Optional<Pair> pair) {
    /**
     * This end of a volume pair.
     *
     * @param state remoteReplication.state of the Element API
     * @param cluster empty while the pair is only offered
     * @param remoteVolumeId 0, with an empty name, while the pair is only offered
     * @param blocksLeft of the epoch under way, and {@code blocksTotal} its size
     */
    public record Pair(UUID uuid, Optional<ClusterPairId> cluster, long remoteVolumeId, String remoteVolumeName, Mode mode, String state,
                       String stateDetails, boolean connected, long blocksLeft, long blocksTotal) { }
}
