package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static io.dyad.volumefiles.VolumeStoreContract.filled;
import static io.dyad.volumefiles.VolumeStoreContract.valueAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks;
import io.dyad.replication.StoredVolume;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What many volumes and large ones cost. Bounds are generous; the figures are printed. */
class ScaleTest {
    private static final long TIB = 1L << 40;

    private static long heapBytes() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    @Test void fourThousandVolumesOfWhichFiveHundredAreOpenTakeFewFilesAndLittleMemory(@TempDir Path dir) throws IOException {
        NioFileLayer files = new NioFileLayer(300);
        FileVolumeStore store = FileVolumeStore.open(new Unforced(files), dir, new MapBudget(8 << 20));
        for (int i = 1; i <= 4000; i++) store.create(new VolumeId(i), 1L << 30).close();
        assertThat(store.volumes()).hasSize(4000);
        long before = heapBytes();
        int threads = Thread.activeCount();
        List<StoredVolume> open = new ArrayList<>();
        for (int i = 1; i <= 500; i++) {
            StoredVolume volume = store.open(new VolumeId(i * 8L));
            volume.disk().write(5L * BLOCK_BYTES, filled(i, BLOCK_BYTES));
            open.add(volume);
        }
        assertThat(files.openFiles()).isLessThanOrEqualTo(300);
        assertThat(Thread.activeCount()).isEqualTo(threads);
        long each = (heapBytes() - before) / 500;
        System.out.printf("500 volumes open of 4,000: %,d bytes of heap each, %d files open%n", each, files.openFiles());
        assertThat(each).isLessThan(64 << 10);
        for (int i = 1; i <= 500; i++) assertThat(valueAt(open.get(i - 1).disk(), 5)).isEqualTo((byte) i);
        for (StoredVolume volume : open) volume.close();
        assertThat(files.openFiles()).isZero();
        store.close();
    }

    @Test void aThinVolumeOfSixteenTebibytesCostsWhatItHolds() throws IOException {
        try (FileVolumeStore store = FileVolumeStore.open(new LossyFiles(), Path.of("store")); StoredVolume volume = store.create(new VolumeId(1), 16 * TIB)) {
            long before = heapBytes();
            for (int i = 0; i < 16; i++) volume.disk().write(i * TIB, filled(i + 1, BLOCK_BYTES));
            int runs = 0;
            for (long at = 0; at < 16 * TIB; runs++) {
                Blocks.Extent run = volume.disk().extentAt(at, 16 * TIB);
                assertThat(run.allocated()).isEqualTo(at % TIB == 0);
                at = run.endBytes();
            }
            assertThat(runs).isEqualTo(32);
            long heap = heapBytes() - before;
            System.out.printf("16 TiB with 16 blocks: %,d bytes of heap%n", heap);
            assertThat(heap).isLessThan(8 << 20);
            assertThat(valueAt(volume.disk(), 15 * TIB / BLOCK_BYTES)).isEqualTo(16);
        }
    }

    @Test void mapsKeepToTheirBudgetAndComeBackFromTheFile(@TempDir Path dir) throws IOException {
        MapBudget budget = new MapBudget(20L * MapLeaf.HEAP_BYTES);
        int regions = 200;
        try (FileVolumeStore store = FileVolumeStore.open(dir, budget); StoredVolume volume = store.create(new VolumeId(1), (long) regions << 22)) {
            for (int round = 1; round <= 2; round++) {
                for (int i = 0; i < regions; i++) {
                    volume.disk().write((long) i << 22, filled(round + i, BLOCK_BYTES));
                    if (i % 10 == 9) volume.disk().flush();
                }
                for (int i = 0; i < regions; i++) assertThat(valueAt(volume.disk(), (long) i << 10)).isEqualTo((byte) (round + i));
            }
            assertThat(budget.usedBytes()).isLessThanOrEqualTo(20L * MapLeaf.HEAP_BYTES);
        }
        assertThat(budget.usedBytes()).as("a closed volume takes nothing").isZero();
    }

    /** Real files without the forces, which would take minutes here. */
    private record Unforced(FileLayer files) implements FileLayer {
        @Override public Handle open(Path file) throws IOException { return new Unsynced(files.open(file)); }

        @Override public void rename(Path from, Path to) throws IOException { files.rename(from, to); }

        @Override public void delete(Path path) throws IOException { files.delete(path); }

        @Override public List<Path> list(Path path) throws IOException { return files.list(path); }

        @Override public void makeDirectory(Path path) throws IOException { files.makeDirectory(path); }

        @Override public void forceDirectory(Path path) { }

        @Override public Closeable lock(Path file) throws IOException { return files.lock(file); }
    }

    private record Unsynced(FileLayer.Handle file) implements FileLayer.Handle {
        @Override public int read(long position, ByteBuffer into) throws IOException { return file.read(position, into); }

        @Override public void write(long position, ByteBuffer from) throws IOException { file.write(position, from); }

        @Override public void force() { }

        @Override public long size() throws IOException { return file.size(); }

        @Override public void resize(long sizeBytes) throws IOException { file.resize(sizeBytes); }

        @Override public void close() throws IOException { file.close(); }
    }
}
