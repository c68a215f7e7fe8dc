package io.dyad.cluster;

import static io.dyad.cluster.TwoClusters.SIZE;
import static io.dyad.cluster.TwoClusters.TEST;
import static io.dyad.cluster.TwoClusters.account;
import static io.dyad.cluster.TwoClusters.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotCommand.TakeSnapshot;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import io.dyad.eventstore.AxonEventLog;
import io.dyad.replication.StoredVolume;
import io.dyad.volumefiles.FileVolumeStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots, roll-backs and clones of one cluster, on real files. */
class SnapshotTest {
    static final Terms LOCAL = new Terms("", false, Optional.empty(), Optional.empty(), Map.of());
    @TempDir Path dir;
    private Cluster cluster;
    private VolumeId volume;

    @BeforeEach void open() throws IOException {
        cluster = Cluster.at(dir.resolve("c")).open();
        volume = cluster.createVolume(NewVolume.of("v", account(cluster), SIZE), TEST).volume().id();
    }

    @AfterEach void close() { cluster.close(); }

    private void reopen() throws IOException {
        cluster.close();
        cluster = Cluster.at(dir.resolve("c")).open();
    }

    static void write(Cluster c, VolumeId id, long offset, int value) throws IOException {
        byte[] block = new byte[4096];
        java.util.Arrays.fill(block, (byte) value);
        c.open(id).write(offset, ByteBuffer.wrap(block), false);
    }

    static int read(Cluster c, VolumeId id, long offset) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(4096);
        c.open(id).read(offset, block);
        return block.get(100);
    }

    static int read(BlockView view, long offset) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(4096);
        view.read(offset, block);
        return block.get(100);
    }

    private SnapshotId take() { return cluster.snapshots().take(volume, LOCAL, false, TEST).snapshot().id(); }

    @Test void what_snapshots_hold_is_counted_and_given_back() throws Exception {
        for (int i = 0; i < 3; i++) write(cluster, volume, 4096L * i, 1);
        assertThat(cluster.capacity().snapshots()).isZero();
        SnapshotId first = take();
        write(cluster, volume, 4096L * 9, 1);
        assertThat(cluster.capacity().snapshots()).isEqualTo(3 * 4096);
        take();
        assertThat(cluster.capacity().snapshots()).isEqualTo(7 * 4096);
        assertThat(cluster.capacity().allocated()).isEqualTo(4 * 4096);
        cluster.snapshots().delete(first, TEST);
        assertThat(cluster.capacity().snapshots()).isEqualTo(4 * 4096);
    }

    @Test void a_snapshot_stays_as_it_was_and_survives_a_restart() throws Exception {
        write(cluster, volume, 0, 1);
        Snapshot taken = cluster.snapshots().take(volume, LOCAL, false, TEST).snapshot();
        write(cluster, volume, 0, 2);
        assertThat(taken.phase()).isEqualTo(Snapshot.Phase.DONE);
        reopen();
        assertThat(cluster.snapshots().all()).extracting(SnapshotInfo::snapshot).containsExactly(taken);
        try (BlockView view = cluster.snapshots().open(taken.id())) {
            assertThat(read(view, 0)).isEqualTo(1);
        }
        assertThat(read(cluster, volume, 0)).isEqualTo(2);
    }

    @Test void a_snapshot_of_a_snapshot_holds_what_that_one_holds_and_outlives_it() throws Exception {
        write(cluster, volume, 0, 1);
        SnapshotId first = take();
        write(cluster, volume, 0, 2);
        take();
        Snapshot copy = cluster.snapshots().copy(first, new Terms("again", false, Optional.empty(), Optional.empty(), Map.of()), false, TEST).snapshot();
        assertThat(copy.phase()).isEqualTo(Snapshot.Phase.DONE);
        assertThat(copy.terms().name()).isEqualTo("again");
        cluster.snapshots().delete(first, TEST);
        reopen();
        try (BlockView view = cluster.snapshots().open(copy.id())) {
            assertThat(read(view, 0)).isEqualTo(1);
        }
        assertThat(read(cluster, volume, 0)).isEqualTo(2);
        assertThat(cluster.jobs().rollback(List.of(copy.id()), TEST).outcome().orElseThrow().success()).isTrue();
        assertThat(read(cluster, volume, 0)).isEqualTo(1);
        assertThatThrownBy(() -> cluster.snapshots().copy(first, LOCAL, false, TEST)).isInstanceOf(RefusedException.class);
    }

    private void whileClosed(UUID cut) throws IOException {
        try (FileVolumeStore store = FileVolumeStore.open(dir.resolve("c/volumes")); StoredVolume stored = store.open(volume)) {
            stored.snapshots().take(cut);
        }
    }

    /** What a crash leaves between keeping what a resync is about to overwrite and noting it; here in a volume that nobody opens at the start. */
    @Test void a_cut_that_the_log_does_not_know_becomes_a_snapshot_when_its_volume_is_opened() throws Exception {
        write(cluster, volume, 0, 1);
        cluster.close();
        UUID cut = new UUID(1, 2);
        whileClosed(cut);
        cluster = Cluster.at(dir.resolve("c")).open();
        assertThat(cluster.snapshots().all()).as("nobody has looked yet").isEmpty();
        write(cluster, volume, 0, 2);
        await("it is known", () -> cluster.snapshots().all().size() == 1);
        Snapshot kept = cluster.snapshots().all().getFirst().snapshot();
        assertThat(kept.uuid()).isEqualTo(cut);
        assertThat(kept.origin()).isEqualTo(Snapshot.Origin.KEPT);
        try (BlockView view = cluster.snapshots().open(kept.id())) {
            assertThat(read(view, 0)).isEqualTo(1);
        }
        reopen();
        assertThat(read(cluster, volume, 0)).isEqualTo(2);
        assertThat(cluster.snapshots().all()).extracting(SnapshotInfo::snapshot).containsExactly(kept);
    }

    @Test void a_snapshot_that_a_crash_left_announced_is_completed_where_it_was_cut_and_abandoned_where_not() throws Exception {
        write(cluster, volume, 0, 1);
        Snapshot cut = announced(1);
        Snapshot uncut = announced(2);
        cluster.close();
        try (AxonEventLog log = AxonEventLog.open(dir.resolve("c/events"), Instant::now)) {
            log.execute(new TakeSnapshot(cut), TEST);
            log.execute(new TakeSnapshot(uncut), TEST);
        }
        whileClosed(cut.uuid());
        cluster = Cluster.at(dir.resolve("c")).open();
        assertThat(cluster.snapshots().all()).extracting(s -> s.snapshot().uuid(), s -> s.snapshot().phase()).containsExactly(tuple(cut.uuid(), Snapshot.Phase.DONE));
        write(cluster, volume, 0, 2);
        try (BlockView view = cluster.snapshots().open(cut.id())) {
            assertThat(read(view, 0)).isEqualTo(1);
        }
    }

    private Snapshot announced(int number) {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return new Snapshot(new SnapshotId(1000 + number), new UUID(7, number), volume, LOCAL, SIZE, Snapshot.Origin.TAKEN, Snapshot.Phase.PREPARING, Optional.empty(),
            new UUID(8, number), now, now);
    }

    @Test void a_deleted_snapshot_is_gone_for_good() throws Exception {
        SnapshotId id = take();
        cluster.snapshots().delete(id, TEST);
        assertThatThrownBy(() -> cluster.snapshots().delete(id, TEST)).isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.SNAPSHOT_DOES_NOT_EXIST));
        reopen();
        assertThat(cluster.snapshots().all()).isEmpty();
    }

    @Test void MS_3_the_33rd_snapshot_is_refused_and_leaves_nothing_behind() {
        for (int i = 0; i < 32; i++) take();
        assertThatThrownBy(this::take).isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.MAX_SNAPSHOTS_PER_VOLUME));
        assertThat(cluster.snapshots().all()).hasSize(32);
    }

    @Test void a_snapshot_goes_by_itself_when_it_expires() {
        Terms soon = new Terms("soon", false, Optional.of(Instant.now().plusMillis(200)), Optional.empty(), Map.of());
        cluster.snapshots().take(volume, soon, false, TEST);
        SnapshotId stays = take();
        await("the snapshot expires", () -> cluster.snapshots().all().size() == 1);
        assertThat(cluster.snapshots().all().getFirst().snapshot().id()).isEqualTo(stays);
    }

    @Test void a_rollback_brings_the_content_back_and_hosts_are_served_again() throws Exception {
        write(cluster, volume, 0, 1);
        write(cluster, volume, 1 << 20, 1);
        SnapshotId id = take();
        write(cluster, volume, 0, 2);
        write(cluster, volume, 5 << 20, 2);
        JobInfo job = cluster.jobs().rollback(List.of(id), TEST);
        assertThat(job.outcome().orElseThrow().success()).isTrue();
        assertThat(read(cluster, volume, 0)).isEqualTo(1);
        assertThat(read(cluster, volume, 1 << 20)).isEqualTo(1);
        assertThat(read(cluster, volume, 5 << 20)).isZero();
        write(cluster, volume, 0, 3);
        assertThat(read(cluster, volume, 0)).isEqualTo(3);
    }

    @Test void a_clone_of_now_is_of_the_moment_it_was_asked_for_and_writable() throws Exception {
        write(cluster, volume, 0, 1);
        JobInfo job = cluster.jobs().clone(List.of(NewClone.of(volume, "copy")), TEST);
        write(cluster, volume, 0, 2);
        VolumeId clone = job.job().parts().getFirst().target();
        await("the clone is done", () -> cluster.jobs().find(job.job().id()).orElseThrow().outcome().isPresent());
        assertThat(read(cluster, clone, 0)).isEqualTo(1);
        write(cluster, clone, 0, 3);
        assertThat(read(cluster, volume, 0)).isEqualTo(2);
        assertThat(cluster.snapshots().all()).isEmpty();
    }

    @Test void a_clone_of_a_snapshot_and_a_copy_hold_what_the_snapshot_held() throws Exception {
        write(cluster, volume, 0, 1);
        SnapshotId id = take();
        write(cluster, volume, 0, 2);
        VolumeId other = cluster.createVolume(NewVolume.of("other", account(cluster), SIZE), TEST).volume().id();
        write(cluster, other, 8 << 20, 9);
        JobInfo clone = cluster.jobs().clone(List.of(NewClone.of(volume, "copy").at(id)), TEST);
        JobInfo copy = cluster.jobs().copy(volume, Optional.of(id), other, TEST);
        await("both are done", () -> cluster.jobs().all().stream().allMatch(j -> j.outcome().isPresent()));
        assertThat(read(cluster, clone.job().parts().getFirst().target(), 0)).isEqualTo(1);
        assertThat(read(cluster, other, 0)).isEqualTo(1);
        assertThat(read(cluster, other, 8 << 20)).isZero();
        cluster.jobs().forget(copy.job().id(), TEST);
        assertThat(cluster.jobs().find(copy.job().id())).isEmpty();
    }

    @Test void a_group_is_known_by_its_members_and_they_may_outlive_it() throws Exception {
        VolumeId other = cluster.createVolume(NewVolume.of("other", account(cluster), SIZE), TEST).volume().id();
        List<SnapshotInfo> members = cluster.snapshots().takeGroup(List.of(volume, other), LOCAL, false, TEST);
        long group = members.getFirst().snapshot().group().orElseThrow().id();
        assertThat(members).extracting(m -> m.snapshot().group()).containsOnly(members.getFirst().snapshot().group());
        cluster.snapshots().deleteGroup(group, true, TEST);
        assertThat(cluster.snapshots().all()).hasSize(2).allSatisfy(s -> assertThat(s.snapshot().group()).isEmpty());
    }

    @Test void a_job_cut_short_by_a_restart_is_finished() throws Exception {
        for (int i = 0; i < 64; i++) write(cluster, volume, (long) i << 20, 1 + i);
        SnapshotId id = take();
        JobInfo job = cluster.jobs().clone(List.of(NewClone.of(volume, "copy").at(id), NewClone.of(volume, "more")), TEST);
        reopen();
        await("both are done", () -> cluster.jobs().find(job.job().id()).orElseThrow().outcome().isPresent());
        assertThat(cluster.jobs().find(job.job().id()).orElseThrow().outcome().orElseThrow().success()).isTrue();
        for (var part : job.job().parts()) assertThat(read(cluster, part.target(), 63L << 20)).isEqualTo(64);
    }
}
