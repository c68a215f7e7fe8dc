package io.dyad.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.VolumeId;
import io.dyad.replication.HostSide.Admission;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.RingBudget;
import io.dyad.replication.Shared;
import io.dyad.volumefiles.FileVolumeStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume that is to have a pair and cannot, for its disk does not take in its role. */
class UnpairableTest {
    private static final VolumeId ID = new VolumeId(1);
    private static final long SIZE = 64L << 20;

    @Test void serves_no_host_until_it_can_whether_it_is_open_or_not(@TempDir Path dir) throws IOException {
        try (FileVolumeStore store = FileVolumeStore.open(dir)) {
            store.create(ID, SIZE).close();
            HostedVolume volume = new HostedVolume(ID, () -> ReplicatedVolume.open(ID, store.open(ID), new Shared(new RingBudget(4 << 20))));
            volume.host(SIZE, false, Admission.WRITE);
            for (boolean open : new boolean[] {false, true}) {
                if (open) volume.volume();
                volume.unpairable(true);
                assertThat(volume.admission()).isEqualTo(Admission.NOTHING);
                volume.host(SIZE, false, Admission.WRITE);
                assertThat(volume.admission()).as("what its access says").isEqualTo(Admission.NOTHING);
                volume.unpairable(false);
                assertThat(volume.admission()).isEqualTo(Admission.WRITE);
            }
            volume.close();
        }
    }
}
