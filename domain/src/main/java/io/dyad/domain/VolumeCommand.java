package io.dyad.domain;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a volume is asked. */
public sealed interface VolumeCommand extends Command {
    VolumeId id();

    @Override default String aggregate() { return "volume/" + id(); }

    /** {@code volume.sizeBytes} as asked for; it is rounded up. */
    record CreateVolume(Volume volume) implements VolumeCommand {
        @Override public VolumeId id() { return volume.id(); }
    }

    /** Empty members stay as they are. All or nothing. */
    record ModifyVolume(VolumeId id, Optional<Access> access, Optional<Long> sizeBytes, Optional<AccountId> account,
                        Optional<Volume.Qos> qos, Optional<Map<String, Object>> attributes) implements VolumeCommand { }

    record DeleteVolume(VolumeId id, Instant at, Instant purgeAt) implements VolumeCommand { }

    record RestoreVolume(VolumeId id) implements VolumeCommand { }

    record PurgeVolume(VolumeId id) implements VolumeCommand { }
}
