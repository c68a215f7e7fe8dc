package io.dyad.cluster;

import static io.dyad.cluster.SnapshotTest.read;
import static io.dyad.cluster.SnapshotTest.write;
import static io.dyad.cluster.TwoClusters.SIZE;
import static io.dyad.cluster.TwoClusters.TEST;
import static io.dyad.cluster.TwoClusters.account;
import static io.dyad.cluster.TwoClusters.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks.Extent;
import io.dyad.replication.NotWritableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Snapshots of paired volumes, on two real clusters. */
class ReplicatedSnapshotTest {
    private static final Terms REPLICATED = new Terms("nightly", true, Optional.empty(), Optional.of("label"), Map.of("by", "cron"));
    private TwoClusters two;

    @BeforeEach void mirrored(@TempDir Path dir) throws Exception {
        two = new TwoClusters(dir);
        two.pairClusters();
        two.createVolumes();
        two.write(two.a, two.va, 100);
        two.pairVolumes();
        two.awaitActive();
    }

    @AfterEach void close() { two.close(); }

    private static Optional<SnapshotInfo> find(Cluster c, Snapshot s) { return c.snapshots().all().stream().filter(x -> x.snapshot().uuid().equals(s.uuid())).findFirst(); }

    /** Whole, and described: its blocks may come before what the source says of it. */
    private void arrives(Snapshot s) {
        await("the snapshot is on both ends", () -> status(two.a, s).equals("Present") && status(two.b, s).equals("Present")
            && find(two.b, s).filter(x -> x.snapshot().phase() == Snapshot.Phase.DONE && x.snapshot().terms().name().equals(s.terms().name())).isPresent());
    }

    private static String status(Cluster c, Snapshot s) { return find(c, s).flatMap(SnapshotInfo::remote).map(SnapshotInfo.Remote::status).orElse(""); }

    private static long digest(Cluster c, Snapshot s) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer block = ByteBuffer.allocate(4096);
        ByteBuffer zero = ByteBuffer.allocate(4096);
        try (BlockView view = c.snapshots().open(find(c, s).orElseThrow().snapshot().id())) {
            for (long at = 0; at < view.sizeBytes(); ) {
                Extent run = view.extentAt(at, view.sizeBytes());
                for (; run.allocated() && at < run.endBytes(); at += 4096) {
                    view.read(at, block.clear());
                    if (block.flip().equals(zero)) continue;
                    crc.update(ByteBuffer.allocate(8).putLong(at).flip());
                    crc.update(block);
                }
                at = run.endBytes();
            }
        }
        return crc.getValue();
    }

    @ParameterizedTest @EnumSource(Mode.class)
    void MS_2_a_replicated_snapshot_ships_in_any_mode_bit_identical(Mode mode) throws Exception {
        two.a.modifyVolumePair(two.va, Optional.empty(), Optional.of(mode), TEST);
        two.write(two.a, two.va, 100);
        Snapshot taken = two.a.snapshots().take(two.va, REPLICATED, false, TEST).snapshot();
        two.write(two.a, two.va, 100);
        arrives(taken);
        Snapshot copy = find(two.b, taken).orElseThrow().snapshot();
        assertThat(copy.terms()).isEqualTo(taken.terms());
        assertThat(copy.created()).isEqualTo(taken.created());
        assertThat(copy.instance()).isNotEqualTo(taken.instance());
        assertThat(digest(two.b, taken)).isEqualTo(digest(two.a, taken));
    }

    @Test void MS_2_one_deleted_on_the_target_is_not_shipped_again_and_one_deleted_on_the_source_stays_on_the_target() throws Exception {
        Snapshot first = two.a.snapshots().take(two.va, REPLICATED, false, TEST).snapshot();
        Snapshot second = two.a.snapshots().take(two.va, REPLICATED, false, TEST).snapshot();
        arrives(first);
        arrives(second);
        two.b.snapshots().delete(find(two.b, first).orElseThrow().snapshot().id(), TEST);
        await("the source shows it deleted", () -> status(two.a, first).equals("Deleted"));
        two.restartA();
        two.awaitActive();
        await("the source shows it deleted after a restart", () -> status(two.a, first).equals("Deleted"));
        assertThat(find(two.b, first)).isEmpty();
        two.a.snapshots().delete(second.id(), TEST);
        await("the target shows the original deleted", () -> status(two.b, second).equals("Deleted"));
        assertThat(find(two.b, second)).isPresent();
    }

    @Test void MS_2_one_enabled_later_ships_too() throws Exception {
        Snapshot local = two.a.snapshots().take(two.va, SnapshotTest.LOCAL, false, TEST).snapshot();
        two.write(two.a, two.va, 50);
        assertThat(find(two.a, local).orElseThrow().remote()).isEmpty();
        two.a.snapshots().modify(local.id(), new SnapshotChange(Optional.of(true), Optional.empty(), Optional.empty()), TEST);
        arrives(local);
        assertThat(digest(two.b, local)).isEqualTo(digest(two.a, local));
    }

    @Test void MS_2_a_snapshot_of_an_older_snapshot_ships_too_and_the_target_comes_back_to_what_is_now() throws Exception {
        Snapshot first = two.a.snapshots().take(two.va, REPLICATED, false, TEST).snapshot();
        two.write(two.a, two.va, 100);
        arrives(two.a.snapshots().take(two.va, REPLICATED, false, TEST).snapshot());
        two.write(two.a, two.va, 50);
        Snapshot again = two.a.snapshots().copy(first.id(), REPLICATED, false, TEST).snapshot();
        two.write(two.a, two.va, 50);
        arrives(again);
        assertThat(digest(two.b, again)).isEqualTo(digest(two.a, again)).isEqualTo(digest(two.a, first));
        two.awaitActive();
        await("the stream is drained", () -> two.a.stats(two.va).asyncDelay().orElseThrow().isZero());
        assertThat(TwoClusters.digest(two.b, two.vb)).isEqualTo(TwoClusters.digest(two.a, two.va));
    }

    @Test void a_rollback_of_a_source_replicates_like_writes() throws Exception {
        Snapshot before = two.a.snapshots().take(two.va, SnapshotTest.LOCAL, false, TEST).snapshot();
        two.write(two.a, two.va, 50);
        assertThat(two.a.jobs().rollback(List.of(before.id()), TEST).outcome().orElseThrow().success()).isTrue();
        two.awaitActive();
        await("the stream is drained", () -> two.a.stats(two.va).asyncDelay().orElseThrow().isZero());
        assertThat(TwoClusters.digest(two.b, two.vb)).isEqualTo(TwoClusters.digest(two.a, two.va)).isEqualTo(digest(two.a, before));
    }

    @Test void a_targets_point_is_shown_and_cloned_while_replication_goes_on() throws Exception {
        write(two.a, two.va, 0, 1);
        await("the write arrives", () -> two.a.stats(two.va).asyncDelay().orElseThrow().isZero());
        try (BlockView point = two.b.snapshots().now(two.vb)) {
            assertThat(read(point, 0)).isEqualTo(1);
            VolumeId clone = two.b.jobs().clone(List.of(NewClone.of(two.vb, "drill")), TEST).job().parts().getFirst().target();
            await("the clone is done", () -> two.b.jobs().syncJobs().isEmpty() && two.b.jobs().all().getFirst().outcome().isPresent());
            write(two.a, two.va, 0, 2);
            await("replication goes on", () -> two.a.stats(two.va).asyncDelay().orElseThrow().isZero());
            assertThat(read(point, 0)).isEqualTo(1);
            write(two.b, clone, 4096, 5);
            assertThat(read(two.b, clone, 0)).isEqualTo(1);
        }
        try (BlockView later = two.b.snapshots().now(two.vb)) {
            assertThat(read(later, 0)).isEqualTo(2);
        }
    }

    @Test void a_target_without_a_first_sync_has_no_point_to_show() {
        VolumeId source = two.a.createVolume(NewVolume.of("s", account(two.a), SIZE), TEST).volume().id();
        VolumeId target = two.b.createVolume(NewVolume.of("t", account(two.b), SIZE).withAccess(Access.REPLICATION_TARGET), TEST).volume().id();
        two.a.modifyVolume(source, VolumeChange.access(Access.LOCKED), TEST);
        two.b.completeVolumePairing(target, two.a.startVolumePairing(source, Mode.ASYNC, TEST), TEST);
        assertThatThrownBy(() -> two.b.snapshots().now(target).close()).isInstanceOf(NotWritableException.class).hasMessageContaining("no consistent point yet");
    }

    @Test void a_group_is_one_cut_over_its_volumes_under_a_stamped_writer() throws Exception {
        VolumeId other = two.a.createVolume(NewVolume.of("other", account(two.a), SIZE), TEST).volume().id();
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> alternate(other, stop));
        try {
            for (int i = 0; i < 5; i++) {
                List<SnapshotInfo> members = two.a.snapshots().takeGroup(List.of(two.va, other), SnapshotTest.LOCAL, false, TEST);
                try (BlockView one = two.a.snapshots().open(members.getFirst().snapshot().id()); BlockView next = two.a.snapshots().open(members.getLast().snapshot().id())) {
                    assertThat(stamp(one) - stamp(next)).as("the first volume is written first").isBetween(0L, 1L);
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    /** The next stamp to the first volume, then the same to the other: at every moment they differ by one at most. */
    private void alternate(VolumeId other, AtomicBoolean stop) {
        try {
            for (long stamp = 1; !stop.get(); stamp++) {
                two.a.open(two.va).write(0, block(stamp), false);
                two.a.open(other).write(0, block(stamp), false);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer block(long stamp) { return ByteBuffer.allocate(4096).putLong(0, stamp); }

    private static long stamp(BlockView view) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(4096);
        view.read(0, block);
        return block.getLong(0);
    }
}
