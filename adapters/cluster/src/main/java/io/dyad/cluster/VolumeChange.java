package io.dyad.cluster;

import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.Volume.Qos;
import java.util.Map;
import java.util.Optional;

/** What is to change of a volume; empty members stay as they are. */
public record VolumeChange(Optional<Access> access, Optional<Long> sizeBytes, Optional<AccountId> account, Optional<Qos> qos,
                           Optional<Map<String, Object>> attributes) {
    public static VolumeChange access(Access access) {
        return new VolumeChange(Optional.of(access), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static VolumeChange size(long sizeBytes) {
        return new VolumeChange(Optional.empty(), Optional.of(sizeBytes), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
