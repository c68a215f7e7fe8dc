package io.dyad.cluster;

import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import java.util.Map;
import java.util.Optional;

/** A volume to be made of another's content, now or at a snapshot. What is empty is the source's; a replicationTarget's clone is readWrite. */
public record NewClone(VolumeId source, Optional<SnapshotId> snapshot, Optional<String> name, Optional<AccountId> account, Optional<Long> sizeBytes,
                       Optional<Access> access, Optional<Map<String, Object>> attributes, Optional<Boolean> enable512e) {
    public static NewClone of(VolumeId source, String name) {
        return new NewClone(source, Optional.empty(), Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public NewClone at(SnapshotId id) { return new NewClone(source, Optional.of(id), name, account, sizeBytes, access, attributes, enable512e); }
}
