package io.dyad.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.domain.Snapshot;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host sees of a bit that has turned on the disk: nothing, while the other end holds the block; else EIO. */
class DamagedBlockTest {
    private static final Cause TEST = new Cause("test", "test");
    private static final int BLOCK = 4096;

    private static AccountId account(Cluster c) { return c.addAccount("ann", TEST).id(); }

    private static void await(String what, BooleanSupplier so) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > until) throw new AssertionError("not within 30 s: " + what);
            Thread.sleep(5);
        }
    }

    private static boolean active(Cluster c, VolumeId id) { return c.volume(id).orElseThrow().pair().orElseThrow().state().equals("Active"); }

    private static void turnBit(Path cluster, VolumeId volume, long block) throws IOException, InterruptedException {
        Path files = cluster.resolve("volumes").resolve("volume-" + volume);
        await("all layers are folded into one", () -> files.toFile().list((d, name) -> name.endsWith(".data")).length == 1);
        try (FileChannel data = FileChannel.open(files.resolve("layer-0.data"), StandardOpenOption.WRITE)) {
            data.write(ByteBuffer.allocate(1).put(0, (byte) 0x55), BLOCK + block * BLOCK + 9);
        }
    }

    private static byte[] pattern() {
        byte[] bytes = new byte[4 * BLOCK];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (i % 251);
        return bytes;
    }

    /** Two clusters in step that hold the {@link #pattern}. */
    private record Mirrored(Cluster east, VolumeId source, Cluster west, VolumeId target) implements AutoCloseable {
        static Mirrored at(Path dir) throws Exception {
            Cluster east = Cluster.at(dir.resolve("east")).open();
            Cluster west = Cluster.at(dir.resolve("west")).open();
            west.completeClusterPairing(east.startClusterPairing(TEST).clusterPairingKey(), TEST);
            VolumeId source = east.createVolume(NewVolume.of("v", account(east), 1L << 30), TEST).volume().id();
            VolumeId target = west.createVolume(NewVolume.of("v", account(west), 1L << 30).withAccess(Access.REPLICATION_TARGET), TEST).volume().id();
            west.completeVolumePairing(target, east.startVolumePairing(source, Mode.ASYNC, TEST), TEST);
            await("both ends are Active", () -> active(east, source) && active(west, target));
            east.open(source).write(0, ByteBuffer.wrap(pattern()), true);
            await("nothing is lacking", () -> east.stats(source).replication().lagBytes() == 0);
            return new Mirrored(east, source, west, target);
        }

        void cut() throws InterruptedException {
            east.cutLinks();
            await("the link is cut", () -> !active(east, source) && !active(west, target));
        }

        @Override public void close() {
            east.close();
            west.close();
        }
    }

    @Test void a_host_reads_what_it_wrote_while_the_other_end_holds_it_and_gets_an_error_without(@TempDir Path dir) throws Exception {
        try (Mirrored both = Mirrored.at(dir); NbdServer server = NbdServer.start(MemoryExport.anyPort(), new VolumeExports(both.east));
             NbdDisk host = new NbdDisk(NbdUri.of(server.address(), both.source.value()), Duration.ofSeconds(20))) {
            turnBit(dir.resolve("east"), both.source, 2);
            ByteBuffer read = ByteBuffer.allocate(4 * BLOCK);
            host.read(0, read);
            assertThat(read.array()).isEqualTo(pattern());
            both.cut();
            turnBit(dir.resolve("east"), both.source, 1);
            assertThatThrownBy(() -> host.read(0, read.clear())).hasMessageContaining("EIO");
            host.read(3L * BLOCK, ByteBuffer.allocate(BLOCK));
        }
    }

    @Test void so_it_is_of_a_target_through_its_point_and_of_a_source_through_a_snapshot(@TempDir Path dir) throws Exception {
        try (Mirrored both = Mirrored.at(dir); NbdServer east = NbdServer.start(MemoryExport.anyPort(), new VolumeExports(both.east));
             NbdServer west = NbdServer.start(MemoryExport.anyPort(), new VolumeExports(both.west))) {
            for (long block : new long[] {1, 2}) {
                turnBit(dir.resolve("west"), both.target, block);
                turnBit(dir.resolve("east"), both.source, block);
            }
            SnapshotId taken = both.east.snapshots().take(both.source, new Snapshot.Terms("s", false, Optional.empty(), Optional.empty(), Map.of()), false, TEST).snapshot().id();
            both.east.open(both.source).write(2L * BLOCK, ByteBuffer.wrap(pattern(), 2 * BLOCK, BLOCK), true);
            await("nothing is lacking", () -> both.east.stats(both.source).replication().lagBytes() == 0);
            try (NbdDisk point = new NbdDisk(new NbdUri(west.address(), both.target + "@now", false), Duration.ofSeconds(20));
                 NbdDisk snapshot = new NbdDisk(new NbdUri(east.address(), both.source + "@" + taken, false), Duration.ofSeconds(20))) {
                assertThat(blocks(point, 2, 2)).as("written anew by the source").isEqualTo(Arrays.copyOfRange(pattern(), 2 * BLOCK, 4 * BLOCK));
                assertThat(blocks(snapshot, 2, 2)).as("from the target").isEqualTo(Arrays.copyOfRange(pattern(), 2 * BLOCK, 4 * BLOCK));
                assertThatThrownBy(() -> blocks(snapshot, 1, 1)).as("which has rotted on both ends").hasMessageContaining("EIO");
                both.east.open(both.source).write(BLOCK, ByteBuffer.wrap(pattern(), BLOCK, BLOCK), true);
                await("nothing is lacking", () -> both.east.stats(both.source).replication().lagBytes() == 0);
                assertThat(blocks(snapshot, 0, 4)).isEqualTo(pattern());
            }
        }
    }

    private static byte[] blocks(NbdDisk from, long block, int count) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(count * BLOCK);
        from.read(block * BLOCK, read);
        return read.array();
    }
}
