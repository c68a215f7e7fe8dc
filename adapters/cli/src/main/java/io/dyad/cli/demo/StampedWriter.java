package io.dyad.cli.demo;

import io.dyad.cluster.VolumeBlocks;
import io.dyad.replication.NotWritableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A host that keeps writing 4 KiB to 64 KiB at random places. Every block of a write begins with a stamp, and the stamp
 * of each block's last acknowledged write is remembered here: what the volume must still hold wherever it is read.
 *
 * <pre>
 *   0         8          16                4096
 *   | number  | offset   | random bytes …  |
 * </pre>
 */
final class StampedWriter implements AutoCloseable {
    private static final int BLOCK_BYTES = 4096;
    private static final int MAX_BLOCKS = 16;
    private static final int STAMP_BYTES = 16;
    private static final long PAUSE_NS = 3_000_000L;
    private static final int DURABLE_EVERY = 64;
    private static final long MAX_RANGE_BLOCKS = 1L << 20;
    private final int[] acknowledged;
    private final SplittableRandom random = new SplittableRandom();
    private final byte[] data = new byte[MAX_BLOCKS * BLOCK_BYTES];
    private volatile int writes;
    private volatile long bytes;
    private volatile boolean running;
    private volatile @Nullable IOException failure;
    private @Nullable Thread thread;

    /** Writes stay within the first {@code rangeBytes}, and within 4 GiB. */
    StampedWriter(long rangeBytes) {
        acknowledged = new int[(int) Math.clamp(rangeBytes / BLOCK_BYTES, MAX_BLOCKS, MAX_RANGE_BLOCKS)];
    }

    int writes() { return writes; }

    long bytes() { return bytes; }

    /** False once the volume turned a write down, as it must after a fence. */
    boolean running() { return running; }

    void start(VolumeBlocks volume) {
        running = true;
        thread = Thread.ofPlatform().daemon().name("writer").start(() -> run(volume));
    }

    private void run(VolumeBlocks volume) {
        try {
            while (running) {
                write(volume);
                LockSupport.parkNanos(PAUSE_NS);
            }
        } catch (NotWritableException fenced) {
            running = false;
        } catch (IOException e) {
            failure = e;
            running = false;
        }
    }

    private void write(VolumeBlocks volume) throws IOException {
        int number = writes + 1;
        int blocks = 1 + random.nextInt(MAX_BLOCKS);
        int first = random.nextInt(acknowledged.length - blocks + 1);
        random.nextBytes(data);
        for (int i = 0; i < blocks; i++) ByteBuffer.wrap(data, i * BLOCK_BYTES, STAMP_BYTES).putLong(number).putLong((first + i) * (long) BLOCK_BYTES);
        volume.write(first * (long) BLOCK_BYTES, ByteBuffer.wrap(data, 0, blocks * BLOCK_BYTES), number % DURABLE_EVERY == 0);
        for (int i = 0; i < blocks; i++) acknowledged[first + i] = number;
        bytes = bytes + (long) blocks * BLOCK_BYTES;
        writes = number;
    }

    /** Ends the writing; a write that failed otherwise than by a fence fails the step. */
    void stop() {
        running = false;
        Thread last = thread;
        if (last != null) {
            try {
                last.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        IOException e = failure;
        if (e != null) throw new DemoFailure("a host write failed: " + e.getMessage(), e);
    }

    /** Counts the blocks ever written, each of which must carry its last acknowledged stamp. Only while stopped. */
    int verify(VolumeBlocks volume) throws IOException {
        int checked = 0;
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (int i = 0; i < acknowledged.length; i++) {
            if (acknowledged[i] == 0) continue;
            volume.read(i * (long) BLOCK_BYTES, block.clear());
            long number = block.flip().getLong();
            if (number != acknowledged[i] || block.getLong() != i * (long) BLOCK_BYTES) {
                throw new DemoFailure("block " + i + " does not hold the acknowledged write " + acknowledged[i] + " but " + number);
            }
            checked++;
        }
        return checked;
    }

    @Override public void close() { running = false; }
}
