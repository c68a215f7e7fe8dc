package io.dyad.bench;

import io.dyad.peerlink.packing.HeldBudget;
import io.dyad.peerlink.packing.Packer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What is done to each block of 4 KiB of a payload of 1 MiB: its checksum, its digest, its packing. Times are for one block. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BlockBench {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 256;

    /** What the blocks hold. */
    public enum Kind { RANDOM, HALF_EMPTY, REPEATED, ZERO }

    @Param public Kind kind;
    private final ByteBuffer payload = ByteBuffer.allocateDirect(BLOCKS * BLOCK);
    private final byte[] bytes = new byte[BLOCKS * BLOCK];
    private final Packer keeping = new Packer(1 << 10, new HeldBudget(0));
    private final Packer alone = new Packer(0, new HeldBudget(0));
    private final CRC32C crc = new CRC32C();

    @Setup public void fill() {
        if (kind != Kind.ZERO) new Random(1).nextBytes(bytes);
        for (int at = 0; at < bytes.length; at += BLOCK) {
            if (kind == Kind.HALF_EMPTY) Arrays.fill(bytes, at + BLOCK / 2, at + BLOCK, (byte) 1);
            if (kind == Kind.REPEATED) System.arraycopy(bytes, 0, bytes, at, BLOCK);
        }
        payload.clear().put(bytes).flip();
    }

    @Benchmark @OperationsPerInvocation(BLOCKS) public long checksum() {
        long sum = 0;
        for (int at = 0; at < BLOCKS * BLOCK; at += BLOCK) {
            crc.reset();
            crc.update(payload.duplicate().position(at).limit(at + BLOCK));
            sum += crc.getValue();
        }
        return sum;
    }

    @Benchmark @OperationsPerInvocation(BLOCKS) public int digest() throws NoSuchAlgorithmException {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        int sum = 0;
        for (int at = 0; at < BLOCKS * BLOCK; at += BLOCK) {
            sha.update(bytes, at, BLOCK);
            sum += sha.digest()[0];
        }
        return sum;
    }

    @Benchmark @OperationsPerInvocation(BLOCKS) public int pack() { return keeping.pack(payload).remaining(); }

    @Benchmark @OperationsPerInvocation(BLOCKS) public int packWithoutRepeats() { return alone.pack(payload).remaining(); }
}
