package io.dyad.cluster;

import static io.dyad.cluster.TwoClusters.TEST;
import static io.dyad.cluster.TwoClusters.await;
import static io.dyad.cluster.TwoClusters.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.FaultCode;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import io.dyad.replication.DamagedBlockException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bit that has turned on a disk, under two real clusters. */
class DamageTest {
    private static final int BLOCK = 4096;

    /** Turns a bit of a block in the file of the volume's only layer, as its layout is drawn: content begins at byte 4096. */
    private static void turnBit(Path dir, String cluster, VolumeId volume, long block) throws IOException {
        Path files = dir.resolve(cluster).resolve("volumes").resolve("volume-" + volume);
        await("all layers are folded into one", () -> files.toFile().list((d, name) -> name.endsWith(".data")).length == 1);
        Path file = files.resolve("layer-0.data");
        try (FileChannel data = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            long at = BLOCK + block * BLOCK + 77;
            data.read(one, at);
            data.write(one.flip().put(0, (byte) (one.get(0) ^ 4)), at);
        }
    }

    private static byte[] read(Cluster c, VolumeId id, long block, int blocks) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(blocks * BLOCK);
        c.open(id).read(block * BLOCK, bytes);
        return bytes.array();
    }

    private static byte[] read(BlockView view, long block, int blocks) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(blocks * BLOCK);
        view.read(block * BLOCK, bytes);
        return bytes.array();
    }

    private static byte[] written(TwoClusters two, long block, int blocks, int fill) throws IOException {
        byte[] bytes = new byte[blocks * BLOCK];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (fill + i * 31 + i / BLOCK);
        two.a.open(two.va).write(block * BLOCK, ByteBuffer.wrap(bytes), true);
        return bytes;
    }

    private static boolean faulty(Cluster c) { return c.history().faults().stream().anyMatch(f -> f.code() == FaultCode.BLOCKS_DEGRADED); }

    private static TwoClusters mirrored(Path dir) throws IOException {
        TwoClusters two = new TwoClusters(dir);
        two.pairClusters();
        two.createVolumes();
        two.pairVolumes();
        two.awaitActive();
        return two;
    }

    private static void inStep(TwoClusters two) { await("nothing is lacking", () -> two.a.stats(two.va).replication().lagBytes() == 0); }

    @Test void a_read_and_a_write_of_a_part_get_the_block_from_the_other_end(@TempDir Path dir) throws Exception {
        try (TwoClusters two = mirrored(dir)) {
            byte[] bytes = written(two, 100, 8, 1);
            inStep(two);
            turnBit(dir, "a", two.va, 103);
            assertThat(read(two.a, two.va, 100, 8)).isEqualTo(bytes);
            turnBit(dir, "a", two.va, 105);
            two.a.open(two.va).write(105L * BLOCK + 512, ByteBuffer.allocate(512), false);
            java.util.Arrays.fill(bytes, 5 * BLOCK + 512, 5 * BLOCK + 1024, (byte) 0);
            assertThat(read(two.a, two.va, 100, 8)).isEqualTo(bytes);
            turnBit(dir, "b", two.vb, 106);
            ((HostedVolume) two.b.open(two.vb)).volume().peek(106L * BLOCK, ByteBuffer.allocate(BLOCK));
            inStep(two);
            assertThat(digest(two.b, two.vb)).isEqualTo(digest(two.a, two.va));
        }
    }

    @Test void what_one_read_has_mended_is_whole_in_every_snapshot_and_open_view_and_stays_so(@TempDir Path dir) throws Exception {
        try (TwoClusters two = mirrored(dir)) {
            byte[] bytes = written(two, 100, 8, 3);
            inStep(two);
            turnBit(dir, "a", two.va, 103);
            SnapshotId taken = two.a.snapshots().take(two.va, SnapshotTest.LOCAL, false, TEST).snapshot().id();
            try (BlockView now = two.a.snapshots().now(two.va)) {
                assertThat(read(two.a, two.va, 100, 8)).isEqualTo(bytes);
                two.a.cutLinks();
                await("the link is down", () -> !TwoClusters.state(two.a, two.va).equals("Active"));
                assertThat(read(now, 100, 8)).isEqualTo(bytes);
                two.a.open(two.va).write(103L * BLOCK, ByteBuffer.allocate(BLOCK), true);
            }
            two.restartA();
            two.a.cutLinks();
            await("the link is down again", () -> !TwoClusters.state(two.a, two.va).equals("Active"));
            try (BlockView snapshot = two.a.snapshots().open(taken)) {
                assertThat(read(snapshot, 100, 8)).isEqualTo(bytes);
            }
        }
    }

    @Test void a_source_gets_what_it_cannot_read_in_a_resync_from_the_target_where_that_holds_it(@TempDir Path dir) throws Exception {
        try (TwoClusters two = mirrored(dir)) {
            byte[] bytes = written(two, 100, 8, 3);
            inStep(two);
            two.a.removeVolumePair(two.va, TEST);
            two.b.removeVolumePair(two.vb, TEST);
            turnBit(dir, "a", two.va, 103);
            assertThatThrownBy(() -> read(two.a, two.va, 100, 8)).isInstanceOf(DamagedBlockException.class);
            two.pairVolumes();                                   // all that both hold is in doubt
            two.awaitActive();
            inStep(two);
            assertThat(read(two.a, two.va, 100, 8)).isEqualTo(bytes);
            assertThat(digest(two.b, two.vb)).isEqualTo(digest(two.a, two.va));
        }
    }

    @Test void without_the_other_end_a_read_fails_and_a_fault_says_so_until_it_is_repaired(@TempDir Path dir) throws Exception {
        try (TwoClusters two = mirrored(dir)) {
            byte[] bytes = written(two, 100, 2, 5);
            inStep(two);
            two.a.cutLinks();
            turnBit(dir, "a", two.va, 101);
            await("the link is down", () -> !TwoClusters.state(two.a, two.va).equals("Active"));
            assertThatThrownBy(() -> read(two.a, two.va, 100, 2)).isInstanceOf(DamagedBlockException.class);
            await("a fault is raised", () -> faulty(two.a));
            two.a.healLinks();
            two.awaitActive();
            assertThat(read(two.a, two.va, 100, 2)).isEqualTo(bytes);
            await("the fault is cleared", () -> !faulty(two.a));
        }
    }

    @Test void a_block_that_the_target_never_got_is_left_out_and_replication_goes_on(@TempDir Path dir) throws Exception {
        try (TwoClusters two = mirrored(dir)) {
            two.a.modifyVolumePair(two.va, Optional.of(true), Optional.empty(), TEST);
            await("paused", () -> TwoClusters.state(two.a, two.va).startsWith("Paused"));
            written(two, 100, 50, 9);
            turnBit(dir, "a", two.va, 120);
            two.a.modifyVolumePair(two.va, Optional.of(false), Optional.empty(), TEST);
            two.awaitActive();
            assertThat(two.a.stats(two.va).replication().lagBytes()).isEqualTo(BLOCK);
            await("a fault is raised", () -> faulty(two.a));
            written(two, 120, 1, 77);
            inStep(two);
            await("the fault is cleared", () -> !faulty(two.a));
            assertThat(digest(two.b, two.vb)).isEqualTo(digest(two.a, two.va));
        }
    }
}
