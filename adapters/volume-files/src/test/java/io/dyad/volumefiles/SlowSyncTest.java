package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static io.dyad.volumefiles.VolumeStoreContract.filled;
import static io.dyad.volumefiles.VolumeStoreContract.valueAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.VolumeId;
import io.dyad.replication.LayerStack;
import io.dyad.replication.Staged;
import io.dyad.replication.StoredVolume;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A disk whose sync takes as long as it likes. */
class SlowSyncTest {
    private static final Path DIR = Path.of("store");
    private final LossyFiles disk = new LossyFiles();
    private final Slow files = new Slow(disk);

    @Test void writesAndReadsGoOnBesideASyncAndAreNotAnsweredByIt() throws Exception {
        StoredVolume volume = FileVolumeStore.open(files, DIR).create(new VolumeId(1), 1 << 20);
        volume.disk().write(0, filled(1, BLOCK_BYTES));
        CountDownLatch held = files.hold();
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> changed(volume.disk()::flush));
        assertThat(files.waiting.await(10, TimeUnit.SECONDS)).as("the sync has begun").isTrue();
        volume.disk().write(0, filled(2, BLOCK_BYTES));
        assertThat(valueAt(volume.disk(), 0)).isEqualTo(2);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> changed(volume.disk()::flush));
        assertThat(first.isDone() || second.isDone()).as("answered before the disk has").isFalse();
        held.countDown();
        second.get(10, TimeUnit.SECONDS);
        first.get(10, TimeUnit.SECONDS);
        disk.cutPower(new Random(1));
        try (StoredVolume again = FileVolumeStore.open(disk, DIR).open(new VolumeId(1))) {
            assertThat(valueAt(again.disk(), 0)).as("flushed by a sync that began after it").isEqualTo(2);
        }
    }

    /** While a sync is held up its power fails: what it was to bring to the disk may be there or not, what was there before is. */
    @Test void aPowerCutDuringASyncLeavesWhatWasFlushedOrWhatWasWrittenSince() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            LossyFiles lossy = new LossyFiles();
            Slow slow = new Slow(lossy);
            StoredVolume volume = FileVolumeStore.open(slow, DIR).create(new VolumeId(1), 1 << 20);
            volume.disk().write(0, filled(1, BLOCK_BYTES));
            volume.disk().flush();
            volume.disk().write(0, filled(2, BLOCK_BYTES));
            CountDownLatch held = slow.hold();
            CompletableFuture<Void> sync = CompletableFuture.runAsync(() -> changed(volume.disk()::flush));
            assertThat(slow.waiting.await(10, TimeUnit.SECONDS)).isTrue();
            lossy.cutPower(new Random(seed));
            held.countDown();
            assertThat(sync.handle((done, failed) -> failed != null).get(10, TimeUnit.SECONDS)).as("not answered").isTrue();
            try (StoredVolume again = FileVolumeStore.open(lossy, DIR).open(new VolumeId(1))) {
                ByteBuffer found = ByteBuffer.allocate(BLOCK_BYTES);
                again.disk().read(0, found);
                for (byte b : found.array()) assertThat(b).isIn((byte) 1, (byte) 2);
            }
        }
    }

    /** The step that lets go of copied blocks finds them on the disk: who took the lock of hosts for it does not wait there. */
    @Test void aFoldWaitsForTheDiskBeforeItsStepAndNotInIt() throws Exception {
        StoredVolume volume = FileVolumeStore.open(files, DIR).create(new VolumeId(1), 32 << 20);
        LayerStack layers = volume.layers();
        LayerStack.Frozen cut = layers.freeze();
        for (int block = 0; block < 5000; block++) volume.disk().write((long) block * BLOCK_BYTES, filled(block, BLOCK_BYTES));
        cut.close();
        for (int moved = 0; moved < 4096; moved += 256) assertThat(layers.fold(256)).isTrue();
        CountDownLatch held = files.hold();
        CompletableFuture<Void> ready = CompletableFuture.runAsync(() -> changed(layers::ready));
        assertThat(files.waiting.await(10, TimeUnit.SECONDS)).as("it waits for a sync").isTrue();
        volume.disk().write(4500L * BLOCK_BYTES, filled(1, BLOCK_BYTES));
        held.countDown();
        ready.get(10, TimeUnit.SECONDS);
        CountDownLatch again = files.hold();
        assertThat(CompletableFuture.supplyAsync(() -> folded(layers)).get(10, TimeUnit.SECONDS)).as("there is more to fold").isTrue();
        again.countDown();
    }

    private static boolean folded(LayerStack layers) {
        try {
            return layers.fold(256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The target of a stream receives while its journal is forced, and gives a segment up only afterwards. */
    @Test void aJournalTakesBatchesWhileItIsForcedAndItsSegmentStaysOpen() throws Exception {
        StoredVolume volume = FileVolumeStore.open(files, DIR).create(new VolumeId(1), 1 << 20);
        volume.journal().append(1, filled(1, BLOCK_BYTES));
        CountDownLatch held = files.hold("journal-0");
        CompletableFuture<Void> force = CompletableFuture.runAsync(() -> changed(volume.journal()::force));
        assertThat(files.waiting.await(10, TimeUnit.SECONDS)).as("the force has begun").isTrue();
        volume.journal().append(2, filled(2, BLOCK_BYTES));
        Thread reset = Thread.ofPlatform().start(() -> changed(volume.journal()::reset));
        while (reset.getState() != Thread.State.WAITING && reset.isAlive()) Thread.onSpinWait();
        assertThat(reset.isAlive()).as("it waits for the force").isTrue();
        held.countDown();
        force.get(10, TimeUnit.SECONDS);
        assertThat(reset.join(Duration.ofSeconds(10))).isTrue();
        volume.journal().append(3, filled(3, BLOCK_BYTES));
        volume.journal().force();
    }

    /** A resync's target takes in more while it makes durable what came; of that the map on the disk does not speak yet. */
    @Test void aStagedLayerIsFilledWhileItIsFlushed() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            LossyFiles lossy = new LossyFiles();
            Slow slow = new Slow(lossy);
            Staged staged = FileVolumeStore.open(slow, DIR).create(new VolumeId(1), 1 << 20).staging().stage();
            staged.write(0, filled(1, BLOCK_BYTES));
            CountDownLatch held = slow.hold();
            CompletableFuture<Void> flush = CompletableFuture.runAsync(() -> changed(staged::flush));
            assertThat(slow.waiting.await(10, TimeUnit.SECONDS)).as("the flush has begun").isTrue();
            staged.write(BLOCK_BYTES, filled(2, BLOCK_BYTES));
            Thread again = Thread.ofPlatform().start(() -> changed(() -> staged.write(0, filled(3, BLOCK_BYTES))));
            while (again.getState() != Thread.State.WAITING && again.isAlive()) Thread.onSpinWait();
            assertThat(again.isAlive()).as("a block whose entry is on its way to the disk waits").isTrue();
            held.countDown();
            flush.get(10, TimeUnit.SECONDS);
            again.join();
            lossy.cutPower(new Random(seed));
            try (StoredVolume after = FileVolumeStore.open(lossy, DIR).open(new VolumeId(1))) {
                Staged found = after.staging().unfinished().orElseThrow();
                assertThat(after.disk().sizeBytes()).isEqualTo(1 << 20);
                if (found.filledAt(0, BLOCK_BYTES).allocated()) assertThat(valueAt(found, 0)).isIn(1, 3);
                assertThat(found.filledAt(BLOCK_BYTES, 2 * BLOCK_BYTES).allocated()).as("not flushed, so not spoken of").isFalse();
            }
        }
    }

    private static void changed(FileVolume.Decisive step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Forces wait while they are held. */
    private static final class Slow implements FileLayer {
        final CountDownLatch waiting = new CountDownLatch(1);
        private final FileLayer files;
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile String heldName = "";

        Slow(FileLayer files) { this.files = files; }

        /** Until it is counted down. */
        CountDownLatch hold() { return hold(""); }

        /** Those of files whose name begins so. */
        CountDownLatch hold(String name) {
            heldName = name;
            return gate = new CountDownLatch(1);
        }

        @Override public Handle open(Path file) throws IOException { return new Held(files.open(file), file.getFileName().toString()); }

        @Override public void rename(Path from, Path to) throws IOException { files.rename(from, to); }

        @Override public void delete(Path path) throws IOException { files.delete(path); }

        @Override public List<Path> list(Path path) throws IOException { return files.list(path); }

        @Override public void makeDirectory(Path path) throws IOException { files.makeDirectory(path); }

        @Override public void forceDirectory(Path path) throws IOException { files.forceDirectory(path); }

        @Override public Closeable lock(Path file) throws IOException { return files.lock(file); }

        private final class Held implements Handle {
            private final Handle file;
            private final String name;

            Held(Handle file, String name) {
                this.file = file;
                this.name = name;
            }

            @Override public int read(long position, ByteBuffer into) throws IOException { return file.read(position, into); }

            @Override public void write(long position, ByteBuffer from) throws IOException { file.write(position, from); }

            @Override public void force() throws IOException {
                CountDownLatch now = name.startsWith(heldName) ? gate : new CountDownLatch(0);
                if (now.getCount() > 0) waiting.countDown();
                try {
                    if (!now.await(20, TimeUnit.SECONDS)) throw new IOException("held up for too long");
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                file.force();
            }

            @Override public long size() throws IOException { return file.size(); }

            @Override public void resize(long sizeBytes) throws IOException { file.resize(sizeBytes); }

            @Override public void close() throws IOException { file.close(); }
        }
    }
}
