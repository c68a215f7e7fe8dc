package io.dyad.domain;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** The facts of a volume. {@code sizeBytes} is a multiple of 1 MiB; {@code attributes} are the client's own JSON. */
public record Volume(VolumeId id, UUID uuid, AccountId account, String name, long sizeBytes, Access access, boolean enable512e,
                     Qos qos, Map<String, Object> attributes, Instant created) {
    public static final long MIN_BYTES = 1_000_000_000L;
    public static final long MAX_BYTES = 17_592_186_044_416L;
    public static final long GRAIN_BYTES = 1 << 20;

    /** Rounds up to the grain in which sizes are kept. */
    public static long rounded(long bytes) { return Math.ceilDiv(bytes, GRAIN_BYTES) * GRAIN_BYTES; }

    /** Operations a second; {@code burstTimeSeconds} is fixed by the vendor at 60. */
    public record Qos(long minIops, long maxIops, long burstIops, long burstTimeSeconds) {
        public static final Qos DEFAULT = new Qos(50, 15_000, 15_000, 60);
    }

    Volume withAccess(Access now) { return new Volume(id, uuid, account, name, sizeBytes, now, enable512e, qos, attributes, created); }

    Volume withSize(long now) { return new Volume(id, uuid, account, name, now, access, enable512e, qos, attributes, created); }

    Volume withOwner(AccountId now) { return new Volume(id, uuid, now, name, sizeBytes, access, enable512e, qos, attributes, created); }

    Volume withLabels(Qos q, Map<String, Object> a) { return new Volume(id, uuid, account, name, sizeBytes, access, enable512e, q, a, created); }
}
