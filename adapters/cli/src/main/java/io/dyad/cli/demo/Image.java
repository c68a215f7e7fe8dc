package io.dyad.cli.demo;

import io.dyad.cluster.VolumeBlocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** A disk image: any file of at least one byte. */
record Image(Path file, long sizeBytes) {
    private static final int CHUNK_BYTES = 4 << 20;
    private static final int BLOCK_BYTES = 4096;
    private static final byte[] ZERO_BLOCK = new byte[BLOCK_BYTES];
    private static final long MIN_VOLUME_BYTES = 1_000_000_000L;
    private static final long MIB = 1L << 20;

    /** What an import did; the digest is that of the image, padded with zeroes to the volume's size. */
    record Imported(long dataBytes, String sha256) { }

    static Image of(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) throw new DemoFailure("the image " + file + " is no readable file");
        long size = Files.size(file);
        if (size == 0) throw new DemoFailure("the image " + file + " is empty");
        return new Image(file, size);
    }

    /** The modules file of the Java runtime: real, present in every JDK, more than 100 MB. */
    static Path shippedWithJava() { return Path.of(System.getProperty("java.home"), "lib", "modules"); }

    /** The smallest volume it fits: whole MiB, and the least that the API creates. */
    long volumeBytes() { return Math.ceilDiv(Math.max(sizeBytes, MIN_VOLUME_BYTES), MIB) * MIB; }

    /** Writes what is not zero to a fresh volume, so that the volume stays as thin as the image is. */
    Imported into(VolumeBlocks volume, LongConsumer progressBytes) throws IOException {
        byte[][] chunks = new byte[2][CHUNK_BYTES];
        long data = 0;
        try (FileChannel in = FileChannel.open(file); Sha256Lane sha = new Sha256Lane()) {
            for (long at = 0; at < sizeBytes; at += CHUNK_BYTES) {
                byte[] chunk = chunks[(int) (at / CHUNK_BYTES % 2)];
                int length = read(in, at, chunk);
                sha.add(chunk, length);
                data += write(volume, at, chunk, length);
                progressBytes.accept(at + length);
            }
            sha.addZeroes(volume.sizeBytes() - sizeBytes);
            volume.flush();
            return new Imported(data, sha.hex());
        }
    }

    private int read(FileChannel in, long at, byte[] chunk) throws IOException {
        int length = (int) Math.min(chunk.length, sizeBytes - at);
        ByteBuffer into = ByteBuffer.wrap(chunk, 0, length);
        while (into.hasRemaining()) if (in.read(into, at + into.position()) < 0) throw new IOException(file + " became shorter while it was read");
        Arrays.fill(chunk, length, chunk.length, (byte) 0);
        return length;
    }

    /** Writes the runs of blocks that are not all zero; the last block is padded. */
    private static long write(VolumeBlocks volume, long at, byte[] chunk, int length) throws IOException {
        int end = Math.ceilDiv(length, BLOCK_BYTES) * BLOCK_BYTES;
        long written = 0;
        for (int from = 0; from < end; ) {
            boolean zero = isZero(chunk, from);
            int to = from + BLOCK_BYTES;
            while (to < end && isZero(chunk, to) == zero) to += BLOCK_BYTES;
            if (!zero) {
                volume.write(at + from, ByteBuffer.wrap(chunk, from, to - from), false);
                written += to - from;
            }
            from = to;
        }
        return written;
    }

    private static boolean isZero(byte[] chunk, int from) { return Arrays.equals(chunk, from, from + BLOCK_BYTES, ZERO_BLOCK, 0, BLOCK_BYTES); }
}
