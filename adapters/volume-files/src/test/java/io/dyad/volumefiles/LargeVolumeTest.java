package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static io.dyad.volumefiles.VolumeStoreContract.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks;
import io.dyad.replication.StoredVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest volume there is, on the file system there is: at its ends and across the border of its files. */
class LargeVolumeTest {
    private static final VolumeId ID = new VolumeId(1);
    private static final long SIZE = 16L << 40;
    private static final int RUN = 8 * BLOCK_BYTES;
    private static final List<Long> PLACES = List.of(0L, DataFile.PART_BYTES - RUN / 2, SIZE - RUN);

    @TempDir Path dir;

    private FileVolumeStore store() throws IOException { return FileVolumeStore.open(dir); }

    private Path home() { return dir.resolve("volume-1"); }

    private static void write(StoredVolume volume, int value) throws IOException {
        for (long at : PLACES) volume.disk().write(at, filled(value, RUN));
    }

    private static void holds(Blocks blocks, int value) throws IOException {
        for (long at : PLACES) {
            ByteBuffer found = ByteBuffer.allocate(RUN);
            blocks.read(at, found);
            assertThat(found.flip()).as("at " + at).isEqualTo(filled(value, RUN));
        }
    }

    @Test void aVolumeOfSixteenTebibytesIsWrittenSnapshottedFoldedAndFoundAgain() throws IOException {
        UUID first = new UUID(0, 1);
        try (FileVolumeStore store = store(); StoredVolume volume = store.create(ID, SIZE)) {
            holds(volume.disk(), 0);
            assertThat(home().resolve("layer-0.data-1")).as("made on demand").doesNotExist();
            write(volume, 1);
            volume.snapshots().take(first);
            write(volume, 2);
            volume.disk().flush();
        }
        try (FileVolumeStore store = store(); StoredVolume volume = store.open(ID)) {
            holds(volume.disk(), 2);
            try (var view = volume.snapshots().open(first)) {
                holds(view, 1);
            }
            volume.snapshots().delete(first);
            while (volume.layers().fold(64)) holds(volume.disk(), 2);
            holds(volume.disk(), 2);
            try (var files = Files.list(home())) {
                assertThat(files.map(f -> f.getFileName().toString()).filter(name -> name.contains(".data"))).containsExactlyInAnyOrder("layer-0.data", "layer-0.data-1");
            }
            volume.disk().zero(DataFile.PART_BYTES - RUN / 2, SIZE - DataFile.PART_BYTES + RUN / 2);
        }
        try (FileVolumeStore store = store(); StoredVolume volume = store.open(ID)) {
            ByteBuffer found = ByteBuffer.allocate(RUN);
            volume.disk().read(PLACES.get(1), found);
            assertThat(found.flip()).isEqualTo(filled(0, RUN));
            assertThat(volume.disk().extentAt(0, SIZE)).isEqualTo(new Blocks.Extent(0, RUN, true));
            assertThat(volume.disk().extentAt(RUN, SIZE)).isEqualTo(new Blocks.Extent(RUN, SIZE - RUN, false));
        }
    }

    @Test void aStagedEpochCrossesTheBorderToo() throws IOException {
        try (FileVolumeStore store = store(); StoredVolume volume = store.create(ID, SIZE)) {
            write(volume, 1);
            var staged = volume.staging().stage();
            for (long at : PLACES) staged.write(at, filled(3, RUN));
            staged.flush();
        }
        try (FileVolumeStore store = store(); StoredVolume volume = store.open(ID)) {
            volume.staging().unfinished().orElseThrow().commit(new byte[0], Optional.empty());
            holds(volume.disk(), 3);
            while (volume.layers().fold(64)) assertThat(volume.disk().sizeBytes()).isEqualTo(SIZE);
            holds(volume.disk(), 3);
        }
    }

    @Test void aVolumeGrowsOverTheBorder() throws IOException {
        try (FileVolumeStore store = store(); StoredVolume volume = store.create(ID, 1L << 30)) {
            volume.disk().write(0, filled(5, RUN));
            volume.disk().grow(SIZE);
            write(volume, 6);
        }
        try (FileVolumeStore store = store(); StoredVolume volume = store.open(ID)) {
            holds(volume.disk(), 6);
        }
    }

    /** Where a region is in doubt after a kill, bytes that were left behind the end of a cut file would come back. */
    @Test void whatIsFlushedBehindTheBorderOutlivesAPowerCutAndWhatIsZeroedThereStaysSo() throws IOException {
        for (int seed = 0; seed < 10; seed++) {
            LossyFiles files = new LossyFiles();
            StoredVolume volume = FileVolumeStore.open(files, Path.of("store")).create(ID, SIZE);
            write(volume, 1);
            volume.disk().flush();
            files.cutPower(new Random(seed));
            StoredVolume again = FileVolumeStore.open(files, Path.of("store")).open(ID);
            holds(again.disk(), 1);
            again.disk().zero(SIZE - RUN, RUN);
            again.disk().flush();
            again.disk().write(SIZE - 2L * RUN, filled(4, RUN));
            files.kill();
            try (StoredVolume last = FileVolumeStore.open(files, Path.of("store")).open(ID)) {
                ByteBuffer found = ByteBuffer.allocate(RUN);
                last.disk().read(SIZE - RUN, found);
                assertThat(found.flip()).isEqualTo(filled(0, RUN));
            }
        }
    }
}
