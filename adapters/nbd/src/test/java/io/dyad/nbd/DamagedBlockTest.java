package io.dyad.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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

    @Test void a_host_reads_what_it_wrote_while_the_other_end_holds_it_and_gets_an_error_without(@TempDir Path dir) throws Exception {
        try (Cluster east = Cluster.at(dir.resolve("east")).open(); Cluster west = Cluster.at(dir.resolve("west")).open();
             NbdServer server = NbdServer.start(MemoryExport.anyPort(), new VolumeExports(east))) {
            west.completeClusterPairing(east.startClusterPairing(TEST).clusterPairingKey(), TEST);
            VolumeId source = east.createVolume(NewVolume.of("v", account(east), 1L << 30), TEST).volume().id();
            VolumeId target = west.createVolume(NewVolume.of("v", account(west), 1L << 30).withAccess(Access.REPLICATION_TARGET), TEST).volume().id();
            west.completeVolumePairing(target, east.startVolumePairing(source, Mode.ASYNC, TEST), TEST);
            await("both ends are Active", () -> active(east, source) && active(west, target));
            try (NbdDisk host = new NbdDisk(NbdUri.of(server.address(), source.value()), Duration.ofSeconds(20))) {
                byte[] bytes = new byte[4 * BLOCK];
                for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (i % 251);
                east.open(source).write(0, ByteBuffer.wrap(bytes), true);
                await("nothing is lacking", () -> east.stats(source).replication().lagBytes() == 0);
                turnBit(dir.resolve("east"), source, 2);
                ByteBuffer read = ByteBuffer.allocate(bytes.length);
                host.read(0, read);
                assertThat(read.array()).isEqualTo(bytes);
                east.cutLinks();
                await("the link is cut", () -> !active(east, source));
                turnBit(dir.resolve("east"), source, 1);
                assertThatThrownBy(() -> host.read(0, read.clear())).hasMessageContaining("EIO");
                host.read(3L * BLOCK, ByteBuffer.allocate(BLOCK));
            }
        }
    }
}
