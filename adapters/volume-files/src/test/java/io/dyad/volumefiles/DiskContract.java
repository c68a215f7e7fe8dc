package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.Blocks;
import io.dyad.replication.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What every {@link Disk} keeps: the content now. */
abstract class DiskContract extends StoredVolumeBench {
    @Test void unwrittenBlocksReadAsZeroes() throws IOException {
        ByteBuffer into = filled(9, 3 * MB);
        disk.read(5L * MB, into);
        assertThat(into.flip()).isEqualTo(ByteBuffer.allocate(3 * MB));
        assertThat(disk.extentAt(0, SIZE)).isEqualTo(new Blocks.Extent(0, SIZE, false));
    }

    @Test void whatIsWrittenIsReadAcrossRegionsAndAfterReopening() throws IOException {
        disk.write(3L * MB, filled(5, 2 * MB));
        assertThat(valueAt(disk, 3 * 256)).isEqualTo(5);
        assertThat(valueAt(disk, 5 * 256 - 1)).isEqualTo(5);
        assertThat(valueAt(disk, 5 * 256)).isZero();
        reopen();
        ByteBuffer into = ByteBuffer.allocateDirect(4 * MB);
        disk.read(2L * MB, into);
        assertThat(into.get(MB - 1)).isZero();
        assertThat(into.get(MB)).isEqualTo((byte) 5);
        assertThat(into.get(3 * MB - 1)).isEqualTo((byte) 5);
        assertThat(into.get(3 * MB)).isZero();
    }

    @Test void extentsTellAllocatedRunsApart() throws IOException {
        disk.write(MB, filled(1, 2 * MB));
        assertThat(disk.extentAt(0, SIZE)).isEqualTo(new Blocks.Extent(0, MB, false));
        assertThat(disk.extentAt(MB, SIZE)).isEqualTo(new Blocks.Extent(MB, 2L * MB, true));
        assertThat(disk.extentAt(2L * MB, 2L * MB + BLOCK_BYTES)).isEqualTo(new Blocks.Extent(2L * MB, BLOCK_BYTES, true));
        assertThat(disk.extentAt(3L * MB, SIZE)).isEqualTo(new Blocks.Extent(3L * MB, 7L * MB, false));
    }

    @Test void zeroedBlocksReadAsZeroesAndTakeNoRoom() throws IOException {
        disk.write(0, filled(1, 9 * MB));
        disk.zero(MB, 7L * MB);
        assertThat(valueAt(disk, 255)).isEqualTo(1);
        assertThat(valueAt(disk, 256)).isZero();
        assertThat(valueAt(disk, 8 * 256)).isEqualTo(1);
        assertThat(disk.extentAt(MB, SIZE)).isEqualTo(new Blocks.Extent(MB, 7L * MB, false));
        disk.zero(8L * MB, 2L * MB);
        assertThat(disk.extentAt(MB, SIZE)).isEqualTo(new Blocks.Extent(MB, 9L * MB, false));
        reopen();
        assertThat(disk.extentAt(MB, SIZE)).isEqualTo(new Blocks.Extent(MB, 9L * MB, false));
    }

    @Test void growsAndKeepsItsContent() throws IOException {
        put(0, 1);
        disk.grow(100L * MB);
        assertThat(disk.sizeBytes()).isEqualTo(100L * MB);
        disk.write(99L * MB, filled(3, MB));
        reopen();
        assertThat(disk.sizeBytes()).isEqualTo(100L * MB);
        assertThat(valueAt(disk, 0)).isEqualTo(1);
        assertThat(valueAt(disk, 100 * 256 - 1)).isEqualTo(3);
        assertThatThrownBy(() -> disk.grow(MB)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void refusesWhatIsNotWholeBlocksInsideTheVolume() {
        assertThatThrownBy(() -> disk.write(512, filled(1, BLOCK_BYTES))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> disk.write(0, filled(1, 100))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> disk.write(SIZE, filled(1, BLOCK_BYTES))).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> disk.read(SIZE, ByteBuffer.allocate(BLOCK_BYTES))).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test void readsAndFlushesRunBesideTheWriterAndSeeWholeBlocks() throws Exception {
        AtomicBoolean running = new AtomicBoolean(true);
        CountDownLatch read = new CountDownLatch(200);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> reader = threads.submit(() -> {
                ByteBuffer into = ByteBuffer.allocateDirect(64 * BLOCK_BYTES);
                while (running.get()) {
                    disk.read(0, into.clear());
                    for (int b = 0; b < 64; b++) {
                        assertThat(into.get(b * BLOCK_BYTES)).isEqualTo(into.get((b + 1) * BLOCK_BYTES - 1));
                    }
                    read.countDown();
                }
                return null;
            });
            Future<?> flusher = threads.submit(() -> {
                while (running.get()) disk.flush();
                return null;
            });
            for (int round = 1; (read.getCount() > 0 || round < 100) && !reader.isDone(); round++) {
                disk.write(0, filled(round, 64 * BLOCK_BYTES));
                if (round % 7 == 0) volume.layers().freeze().close();
                volume.layers().fold(16);
            }
            running.set(false);
            reader.get();
            flusher.get();
        }
    }
}
