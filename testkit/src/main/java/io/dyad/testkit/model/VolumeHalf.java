package io.dyad.testkit.model;

/** This end of a volume pair; until it is completed there is no cluster pair (0) and no remote volume (0). */
public record VolumeHalf(String uuid, Phase phase, String mode, boolean paused, long clusterPairId, long remoteVolumeId) {
    static VolumeHalf offered(String uuid, String mode) { return new VolumeHalf(uuid, Phase.OFFERED, mode, false, 0, 0); }

    VolumeHalf completed(long clusterPair, long remoteVolume) {
        return new VolumeHalf(uuid, Phase.PAIRED, mode, paused, clusterPair, remoteVolume);
    }

    VolumeHalf severed() { return new VolumeHalf(uuid, Phase.SEVERED, mode, paused, clusterPairId, remoteVolumeId); }

    VolumeHalf withMode(String next) { return new VolumeHalf(uuid, phase, next, paused, clusterPairId, remoteVolumeId); }

    VolumeHalf withPaused(boolean next) { return new VolumeHalf(uuid, phase, mode, next, clusterPairId, remoteVolumeId); }
}
