package io.dyad.cluster;

import static io.dyad.cluster.TwoClusters.TEST;
import static io.dyad.cluster.TwoClusters.await;
import static io.dyad.cluster.TwoClusters.digest;
import static io.dyad.cluster.TwoClusters.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.replication.HostSide.Admission;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicationTest {
    private TwoClusters two;

    @BeforeEach void mirrored(@TempDir Path dir) throws Exception {
        two = new TwoClusters(dir);
        two.pairClusters();
        two.createVolumes();
        two.write(two.a, two.va, 200);
        two.pairVolumes();
    }

    @AfterEach void close() { two.close(); }

    private void equal() throws Exception { assertThat(digest(two.b, two.vb)).isEqualTo(digest(two.a, two.va)); }

    @Test void the_first_sync_and_the_writes_during_it_arrive() throws Exception {
        two.write(two.a, two.va, 200);
        two.awaitActive();
        two.write(two.a, two.va, 200);
        await("the stream is drained", () -> two.a.stats(two.va).asyncDelay().orElseThrow().isZero());
        equal();
    }

    @Test void a_host_notices_nothing_when_a_pair_comes_and_goes() throws Exception {
        VolumeBlocks host = two.a.open(two.va);
        List<Admission> changes = new CopyOnWriteArrayList<>();
        AutoCloseable watch = host.onAccessChange(() -> changes.add(host.admission()));
        for (int i = 0; i < 2; i++) {
            two.awaitActive();
            two.a.removeVolumePair(two.va, TEST);
            two.b.removeVolumePair(two.vb, TEST);
            two.write(two.a, two.va, 20);
            two.pairVolumes();
        }
        watch.close();
        assertThat(changes).isEmpty();
    }

    @Test void a_pause_holds_back_and_a_resume_catches_up() throws Exception {
        two.awaitActive();
        two.a.modifyVolumePair(two.va, Optional.of(true), Optional.empty(), TEST);
        await("the pause shows on both ends", () -> state(two.a, two.va).equals("PausedManual") && state(two.b, two.vb).equals("PausedManualRemote"));
        long before = digest(two.b, two.vb);
        two.write(two.a, two.va, 100);
        assertThat(digest(two.b, two.vb)).isEqualTo(before);
        two.a.modifyVolumePair(two.va, Optional.of(false), Optional.empty(), TEST);
        two.awaitActive();
        await("the stream is drained", () -> two.a.stats(two.va).asyncDelay().orElseThrow().isZero());
        equal();
    }

    @Test void a_cut_link_heals_by_itself() throws Exception {
        two.awaitActive();
        two.a.cutLinks();
        await("the cut shows", () -> state(two.a, two.va).equals("PausedDisconnected") && state(two.b, two.vb).equals("PausedDisconnected"));
        two.write(two.a, two.va, 100);
        two.a.healLinks();
        two.awaitActive();
        await("the stream is drained", () -> two.a.stats(two.va).asyncDelay().orElseThrow().isZero());
        equal();
    }

    @Test void a_restart_of_either_end_goes_on_where_it_was() throws Exception {
        two.awaitActive();
        two.restartA();
        two.write(two.a, two.va, 50);
        two.awaitActive();
        two.restartB();
        two.write(two.a, two.va, 50);
        two.awaitActive();
        await("the stream is drained", () -> two.a.stats(two.va).asyncDelay().orElseThrow().isZero());
        equal();
    }

    @Test void failover_and_failback_lose_nothing() throws Exception {
        two.awaitActive();
        two.write(two.a, two.va, 300);
        two.a.modifyVolume(two.va, VolumeChange.access(Access.REPLICATION_TARGET), TEST);
        two.b.modifyVolume(two.vb, VolumeChange.access(Access.READ_WRITE), TEST);
        assertThat(TwoClusters.admission(two.b, two.vb)).isEqualTo(Admission.WRITE);
        equal();
        two.write(two.b, two.vb, 50);
        two.awaitActive();
        two.write(two.b, two.vb, 300);
        two.a.modifyVolume(two.va, VolumeChange.access(Access.READ_WRITE), TEST);
        two.b.modifyVolume(two.vb, VolumeChange.access(Access.REPLICATION_TARGET), TEST);
        two.awaitActive();
        two.write(two.a, two.va, 50);
        await("the stream is drained", () -> two.a.stats(two.va).asyncDelay().orElseThrow().isZero());
        equal();
    }
}
