package io.dyad.cli.demo;

import io.dyad.cluster.VolumeBlocks;
import io.dyad.replication.Blocks.Extent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;

/** Two volumes read in full, side by side. Runs that neither end has allocated are zero on both and are hashed without being read. */
record Comparison(VolumeBlocks one, VolumeBlocks other) {
    private static final int CHUNK_BYTES = 4 << 20;
    private static final long ZEROES_BYTES = 64 << 20;

    /** The SHA-256 of both, once every byte was found equal. */
    String sha256(LongConsumer progressBytes) throws IOException {
        long size = one.sizeBytes();
        if (size != other.sizeBytes()) throw new DemoFailure("the ends differ in size: " + size + " and " + other.sizeBytes() + " bytes");
        byte[][] chunks = new byte[2][CHUNK_BYTES];
        byte[] theirs = new byte[CHUNK_BYTES];
        int turn = 0;
        try (Sha256Lane sha = new Sha256Lane(); ExecutorService reader = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("compare").factory())) {
            for (long at = 0; at < size; ) {
                Extent run = one.extentAt(at, size);
                Extent same = other.extentAt(at, run.endBytes());
                if (run.allocated() || same.allocated()) {
                    int length = (int) Math.min(CHUNK_BYTES, same.lengthBytes());
                    byte[] ours = chunks[turn++ % 2];
                    compare(reader, at, length, ours, theirs);
                    sha.add(ours, length);
                    at += length;
                } else {
                    long length = Math.min(ZEROES_BYTES, same.lengthBytes());
                    sha.addZeroes(length);
                    at += length;
                }
                progressBytes.accept(at);
            }
            return sha.hex();
        }
    }

    private void compare(ExecutorService reader, long at, int length, byte[] ours, byte[] theirs) throws IOException {
        CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> {
            try {
                other.read(at, ByteBuffer.wrap(theirs, 0, length));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, reader);
        one.read(at, ByteBuffer.wrap(ours, 0, length));
        try {
            beside.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException unread) throw new IOException("the other end cannot be read: " + unread.getMessage(), unread);
            throw e;
        }
        int differs = Arrays.mismatch(ours, 0, length, theirs, 0, length);
        if (differs >= 0) throw new DemoFailure("the ends differ in block " + (at + differs) / 4096 + ", at byte " + (at + differs));
    }
}
