package io.dyad.cluster;

import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks.Extent;
import io.dyad.replication.HostSide.Admission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/** Two real clusters in this process, paired, with a volume on each; real files, real TLS. */
final class TwoClusters implements AutoCloseable {
    static final Cause TEST = new Cause("test", "test");
    static final long SIZE = 1_000_341_504L;
    private final Path dir;
    Cluster a;
    Cluster b;
    VolumeId va = new VolumeId(1);
    VolumeId vb = new VolumeId(1);
    private final Random random = new Random(7);

    TwoClusters(Path dir) throws IOException { this(dir, builder -> builder); }

    /** {@code settings} are a's. */
    TwoClusters(Path dir, UnaryOperator<ClusterBuilder> settings) throws IOException {
        this.dir = dir;
        a = settings.apply(Cluster.at(dir.resolve("a")).name("a")).open();
        b = Cluster.at(dir.resolve("b")).name("b").open();
    }

    void pairClusters() {
        b.completeClusterPairing(a.startClusterPairing(TEST).clusterPairingKey(), TEST);
        await("the clusters connect", () -> a.clusterPairs().getFirst().status().equals("Connected") && b.clusterPairs().getFirst().status().equals("Connected"));
    }

    void createVolumes() {
        va = a.createVolume(NewVolume.of("va", account(a), SIZE), TEST).volume().id();
        vb = b.createVolume(NewVolume.of("vb", account(b), SIZE).withAccess(Access.REPLICATION_TARGET), TEST).volume().id();
    }

    void pairVolumes() { b.completeVolumePairing(vb, a.startVolumePairing(va, Mode.ASYNC, TEST), TEST); }

    void awaitActive() {
        try {
            await("both ends are Active", () -> state(a, va).equals("Active") && state(b, vb).equals("Active"));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": a " + a.volume(va) + " " + a.clusterPairs() + ", b " + b.volume(vb) + " " + b.clusterPairs(), e);
        }
    }

    void restartA() throws IOException {
        a.close();
        a = Cluster.at(dir.resolve("a")).open();
    }

    void restartB() throws IOException {
        b.close();
        b = Cluster.at(dir.resolve("b")).open();
    }

    static AccountId account(Cluster c) {
        return c.addAccount("account" + c.accounts().all().size(), TEST).id();
    }

    static String state(Cluster c, VolumeId id) { return c.volume(id).flatMap(VolumeInfo::pair).map(VolumeInfo.Pair::state).orElse("Unpaired"); }

    void write(Cluster c, VolumeId id, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            byte[] data = new byte[4096 * (1 + random.nextInt(8))];
            random.nextBytes(data);
            c.open(id).write(4096L * random.nextInt(20_000), ByteBuffer.wrap(data), false);
        }
    }

    /** Checksum of all that is not zero, with where it stands, read past the access: only a test may. */
    static long digest(Cluster c, VolumeId id) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(4096);
        ByteBuffer zero = ByteBuffer.allocate(4096);
        CRC32C crc = new CRC32C();
        HostedVolume v = (HostedVolume) c.open(id);
        for (long at = 0; at < v.sizeBytes(); ) {
            Extent run = v.extentAt(at, v.sizeBytes());
            for (; run.allocated() && at < run.endBytes(); at += 4096) {
                v.volume().peek(at, block.clear());
                if (block.flip().equals(zero)) continue;
                crc.update(ByteBuffer.allocate(8).putLong(at).flip());
                crc.update(block);
            }
            at = run.endBytes();
        }
        return crc.getValue();
    }

    static Admission admission(Cluster c, VolumeId id) { return c.open(id).admission(); }

    static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) throw new AssertionError("not within 30 s: " + what);
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override public void close() {
        a.close();
        b.close();
    }
}
