package io.dyad.cluster;

import static io.dyad.cluster.TwoClusters.TEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume pairing key that has made a pair makes no other. */
class UsedKeyTest {
    @Test void is_refused_before_the_starter_could_hear_of_another_volume_under_its_pair(@TempDir Path dir) throws Exception {
        try (TwoClusters two = new TwoClusters(dir)) {
            two.pairClusters();
            two.createVolumes();
            String key = two.a.startVolumePairing(two.va, Mode.ASYNC, TEST);
            two.b.completeVolumePairing(two.vb, key, TEST);
            two.awaitActive();
            VolumeId other = two.b.createVolume(NewVolume.of("other", two.b.addAccount("eve", TEST).id(), 1L << 30).withAccess(Access.REPLICATION_TARGET), TEST).volume().id();
            List<VolumePairEvent> here = new CopyOnWriteArrayList<>();
            two.b.follow(recorded -> {
                if (recorded.event() instanceof VolumePairEvent e) here.add(e);
            });
            assertThatThrownBy(() -> two.b.completeVolumePairing(other, key, TEST)).isInstanceOfSatisfying(RefusedException.class,
                refused -> assertThat(refused.refusal()).isEqualTo(Refusal.INVALID_PAIRING_KEY));
            two.b.modifyVolumePair(two.vb, Optional.of(true), Optional.empty(), TEST);
            TwoClusters.await("what follows is heard", () -> here.stream().anyMatch(e -> e.volume().equals(two.vb)));
            assertThat(here).noneMatch(e -> e.volume().equals(other));
        }
    }
}
