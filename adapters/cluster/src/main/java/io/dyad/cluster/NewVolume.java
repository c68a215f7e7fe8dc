package io.dyad.cluster;

import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.Volume.Qos;
import java.util.Map;

/** A volume to be created. {@code sizeBytes}: 1 000 000 000 to 16 TiB, rounded up to 1 MiB. */
public record NewVolume(String name, AccountId account, long sizeBytes, boolean enable512e, Access access, Qos qos, Map<String, Object> attributes) {
    public static NewVolume of(String name, AccountId account, long sizeBytes) {
        return new NewVolume(name, account, sizeBytes, false, Access.READ_WRITE, Qos.DEFAULT, Map.of());
    }

    public NewVolume withAccess(Access now) { return new NewVolume(name, account, sizeBytes, enable512e, now, qos, attributes); }
}
