package io.dyad.domain;

import static io.dyad.domain.Samples.NOON;
import static io.dyad.domain.Samples.SIZE_BYTES;
import static io.dyad.domain.Samples.VOLUME;
import static io.dyad.domain.Samples.letters;
import static io.dyad.domain.Samples.volume;

import io.dyad.domain.VolumeCommand.CreateVolume;
import io.dyad.domain.VolumeCommand.DeleteVolume;
import io.dyad.domain.VolumeCommand.ModifyVolume;
import io.dyad.domain.VolumeCommand.PurgeVolume;
import io.dyad.domain.VolumeCommand.RestoreVolume;
import io.dyad.domain.VolumeEvent.VolumeCreated;
import io.dyad.domain.VolumeEvent.VolumeDeleted;
import io.dyad.domain.VolumeEvent.VolumePurged;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Samples of a volume of 2 GiB. */
final class VolumeSamples {
    static final Instant PURGE_AT = NOON.plus(Duration.ofHours(8));
    static final Volume DATA = volume("data", SIZE_BYTES);
    static final Event CREATED = new VolumeCreated(DATA);
    static final Event DELETED = new VolumeDeleted(VOLUME, NOON, PURGE_AT);
    static final Volume.Qos FASTER = new Volume.Qos(100, 20_000, 30_000, 60);

    private VolumeSamples() { }

    static SampleSet all() {
        return new SampleSet(Aggregate.VOLUME, VolumeState.class, VolumeCommand.class)
            .past("", List.of())
            .past("", CREATED)
            .past("", CREATED, DELETED)
            .past("", CREATED, DELETED, new VolumePurged(VOLUME))
            .ask("within the limits", new CreateVolume(DATA))
            .ask("no name", new CreateVolume(volume("", SIZE_BYTES)))
            .ask("name of 65 characters", new CreateVolume(volume(letters(65), SIZE_BYTES)))
            .ask("too small", new CreateVolume(volume("data", Volume.MIN_BYTES - 1)))
            .ask("too large", new CreateVolume(volume("data", Volume.MAX_BYTES + 1)))
            .ask("no value", modify().build())
            .ask("values it has", modify().access(Access.READ_WRITE).size(SIZE_BYTES).account(Samples.ACCOUNT).qos(Volume.Qos.DEFAULT).build())
            .ask("another access", modify().access(Access.REPLICATION_TARGET).build())
            .ask("larger", modify().size(2 * SIZE_BYTES).build())
            .ask("smaller", modify().size(SIZE_BYTES / 2).build())
            .ask("too large", modify().size(Volume.MAX_BYTES + 1).build())
            .ask("the largest number", modify().size(Long.MAX_VALUE).build())
            .ask("another account", modify().account(ClusterSamples.BOB).build())
            .ask("another QoS", modify().qos(FASTER).build())
            .ask("all at once", modify().access(Access.LOCKED).size(2 * SIZE_BYTES).account(ClusterSamples.BOB).qos(FASTER).build())
            .ask("", new DeleteVolume(VOLUME, NOON, PURGE_AT))
            .ask("", new RestoreVolume(VOLUME))
            .ask("", new PurgeVolume(VOLUME));
    }

    static Change modify() { return new Change(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()); }

    /** A ModifyVolume in the making. */
    record Change(Optional<Access> access, Optional<Long> sizeBytes, Optional<AccountId> account, Optional<Volume.Qos> qos,
                  Optional<Map<String, Object>> attributes) {
        Change access(Access to) { return new Change(Optional.of(to), sizeBytes, account, qos, attributes); }

        Change size(long bytes) { return new Change(access, Optional.of(bytes), account, qos, attributes); }

        Change account(AccountId to) { return new Change(access, sizeBytes, Optional.of(to), qos, attributes); }

        Change qos(Volume.Qos to) { return new Change(access, sizeBytes, account, Optional.of(to), attributes); }

        ModifyVolume build() { return new ModifyVolume(VOLUME, access, sizeBytes, account, qos, attributes); }
    }
}
