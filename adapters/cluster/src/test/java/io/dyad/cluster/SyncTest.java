package io.dyad.cluster;

import static io.dyad.cluster.TwoClusters.TEST;
import static io.dyad.cluster.TwoClusters.await;
import static io.dyad.cluster.TwoClusters.digest;
import static io.dyad.cluster.TwoClusters.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.Milestone;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumePairEvent.MilestoneReached;
import io.dyad.replication.TargetSilentException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncTest {
    private TwoClusters two;
    private final List<Milestone> milestones = new CopyOnWriteArrayList<>();

    @BeforeEach void mirrored(@TempDir Path dir) throws Exception {
        two = new TwoClusters(dir);
        two.pairClusters();
        two.createVolumes();
        two.write(two.a, two.va, 50);
        two.pairVolumes();
        two.a.follow(recorded -> {
            if (recorded.event() instanceof MilestoneReached m) milestones.add(m.milestone());
        });
        set(Map.of("dyad.syncTimeoutSeconds", 1));
        two.a.modifyVolumePair(two.va, Optional.empty(), Optional.of(Mode.SYNC), TEST);
        two.awaitActive();
        await("the audit says so", () -> milestones.contains(Milestone.IN_SYNC));
    }

    @AfterEach void close() { two.close(); }

    private void set(Map<String, Object> attributes) {
        two.a.modifyVolume(two.va, new VolumeChange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(attributes)), TEST);
    }

    @Test void MS_1_whatever_was_acknowledged_and_flushed_is_on_both_disks_at_once() throws Exception {
        for (int i = 0; i < 20; i++) {
            two.write(two.a, two.va, 3);
            two.a.open(two.va).flush();
            assertThat(digest(two.b, two.vb)).isEqualTo(digest(two.a, two.va));
        }
    }

    @Test void MS_4_a_silent_target_holds_a_write_up_for_the_time_out_and_is_caught_up_when_it_is_back() throws Exception {
        two.a.cutLinks();
        long before = System.nanoTime();
        two.write(two.a, two.va, 20);
        assertThat(System.nanoTime() - before).isGreaterThan(800_000_000L);
        await("the audit says so", () -> milestones.contains(Milestone.OUT_OF_SYNC));
        assertThat(state(two.a, two.va)).isEqualTo("PausedDisconnected");
        two.a.healLinks();
        two.awaitActive();
        two.write(two.a, two.va, 1);
        two.a.open(two.va).flush();
        assertThat(digest(two.b, two.vb)).isEqualTo(digest(two.a, two.va));
    }

    @Test void MS_4_a_strict_pair_fails_the_write_and_refuses_those_that_follow_until_the_target_is_back() throws Exception {
        set(Map.of("dyad.syncTimeoutSeconds", 1, "dyad.syncStrict", true));
        two.write(two.a, two.va, 1);
        two.a.cutLinks();
        assertThatThrownBy(() -> two.write(two.a, two.va, 1)).isInstanceOf(TargetSilentException.class);
        long before = System.nanoTime();
        assertThatThrownBy(() -> two.write(two.a, two.va, 1)).isInstanceOf(TargetSilentException.class);
        assertThat(System.nanoTime() - before).isLessThan(800_000_000L);
        two.a.open(two.va).read(0, ByteBuffer.allocate(4096));
        two.a.healLinks();
        two.awaitActive();
        await("writes are taken again", () -> {
            try {
                two.write(two.a, two.va, 1);
                return true;
            } catch (Exception stillRefused) {
                return false;
            }
        });
        two.a.open(two.va).flush();
        assertThat(digest(two.b, two.vb)).isEqualTo(digest(two.a, two.va));
    }

    @Test void a_change_to_async_needs_no_new_pairing_and_waits_for_nobody() throws Exception {
        two.a.modifyVolumePair(two.va, Optional.empty(), Optional.of(Mode.ASYNC), TEST);
        two.awaitActive();
        two.a.cutLinks();
        long before = System.nanoTime();
        two.write(two.a, two.va, 20);
        assertThat(System.nanoTime() - before).isLessThan(800_000_000L);
        assertThat(milestones).doesNotContain(Milestone.OUT_OF_SYNC);
    }
}
