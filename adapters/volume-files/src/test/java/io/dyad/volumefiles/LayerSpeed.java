package io.dyad.volumefiles;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Disk;
import io.dyad.replication.StoredVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;

/** One layer, and a stack under snapshots, beside a plain file, with a directory as argument: prints medians of interleaved rounds, and SHA-256 of what both hold in the end. */
final class LayerSpeed {
    private static final int SIZE = 256 << 20;
    private static final int ROUNDS = 15;
    /** Odd, so that every place is visited once. */
    private static final long SCATTER = 40_503_001;
    private static boolean scattered;

    private LayerSpeed() { }

    private interface Io {
        void at(long offset, ByteBuffer buffer) throws IOException;
    }

    public static void main(String[] args) throws IOException {
        Path dir = Files.createDirectories(Path.of(args[0]));
        try (FileVolumeStore store = FileVolumeStore.open(dir.resolve("store"));
                StoredVolume volume = store.create(new VolumeId(1), SIZE);
                FileChannel raw = FileChannel.open(dir.resolve("raw"), StandardOpenOption.CREATE, StandardOpenOption.READ,
                        StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            Disk disk = volume.disk();
            for (int bytes : new int[] {4 << 10, 1 << 20}) both("", bytes, raw, disk);
            scattered = true;
            both("random ", 4 << 10, raw, disk);
            for (int snapshots = 0; snapshots < 32; ) {
                do volume.snapshots().take(new UUID(0, ++snapshots)); while (snapshots > 1 && snapshots < 32);
                both(snapshots + " snapshots: random ", 4 << 10, raw, disk);
                scattered = false;
                both(snapshots + " snapshots: ", 1 << 20, raw, disk);
                scattered = true;
            }
            System.out.println("digests " + digest((at, b) -> raw.read(b, at)) + " " + digest(disk::read));
        } finally {
            try (FileVolumeStore store = FileVolumeStore.open(dir.resolve("store"))) {
                store.delete(new VolumeId(1));
            }
        }
    }

    private static void both(String before, int bytes, FileChannel raw, Disk disk) throws IOException {
        compare(before + "write", bytes, (at, b) -> raw.write(b, at), disk::write);
        compare(before + "read", bytes, (at, b) -> raw.read(b, at), disk::read);
    }

    private static void compare(String what, int bytes, Io raw, Io layer) throws IOException {
        double[][] seconds = new double[3][ROUNDS];
        for (int round = -2; round < ROUNDS; round++) {
            double plain = timed(bytes, raw);
            double ours = timed(bytes, layer);
            double checksums = timed(bytes, LayerSpeed::checksum);
            if (round < 0) continue;
            seconds[0][round] = plain;
            seconds[1][round] = ours;
            seconds[2][round] = checksums;
        }
        double plain = median(seconds[0]);
        double ours = median(seconds[1]);
        double checksums = median(seconds[2]);
        System.out.printf("%-12s %7d B  raw %.2f GB/s  layer %.2f GB/s  ratio %.2f  without CRC %.2f%n", what, bytes,
                SIZE / plain / 1e9, SIZE / ours / 1e9, plain / ours, plain / (ours - checksums));
    }

    private static void checksum(long at, ByteBuffer buffer) {
        CRC32C crc = new CRC32C();
        int end = buffer.limit();
        for (int i = 0; i < end; i += 4096) {
            crc.reset();
            crc.update(buffer.limit(i + 4096).position(i));
        }
        buffer.limit(end);
    }

    private static double timed(int bytes, Io io) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        byte[] noise = new byte[bytes];
        new Random(1).nextBytes(noise);
        buffer.put(noise);
        long start = System.nanoTime();
        int places = SIZE / bytes;
        for (int i = 0; i < places; i++) {
            long at = scattered ? i * SCATTER % places : i;
            io.at(at * bytes, buffer.clear());
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static String digest(Io io) throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
            for (long at = 0; at < SIZE; at += buffer.capacity()) {
                io.at(at, buffer.clear());
                sha.update(buffer.rewind());
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
