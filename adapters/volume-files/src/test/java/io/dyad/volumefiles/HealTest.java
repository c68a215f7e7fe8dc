package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static io.dyad.volumefiles.VolumeStoreContract.filled;
import static io.dyad.volumefiles.VolumeStoreContract.valueAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks;
import io.dyad.replication.DamagedBlockException;
import io.dyad.replication.StoredVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A copy of what a turned bit has destroyed is written again where it was, and nothing else is. */
class HealTest {
    private static final VolumeId ID = new VolumeId(1);
    private static final long SIZE = 1024L * BLOCK_BYTES;
    private static final Path DIR = Path.of("store");
    private static final UUID SNAPSHOT = new UUID(0, 1);

    private final LossyFiles files = new LossyFiles();
    private final Path home = DIR.resolve("volume-1");

    private static void put(StoredVolume volume, long block, int value) throws IOException {
        volume.disk().write(block * BLOCK_BYTES, filled(value, BLOCK_BYTES));
    }

    /** Blocks 3 and 4, and nothing in doubt. */
    private FileVolumeStore holdingTwoBlocks() throws IOException {
        FileVolumeStore store = FileVolumeStore.open(files, DIR);
        try (StoredVolume volume = store.create(ID, SIZE)) {
            put(volume, 3, 33);
            put(volume, 4, 44);
        }
        return store;
    }

    /** A bit of block 4 has turned below a snapshot and an open cut; above them block 3 has been written. */
    private StoredVolume rottenBelowASnapshot() throws IOException {
        StoredVolume volume = holdingTwoBlocks().open(ID);
        volume.snapshots().take(SNAPSHOT);
        put(volume, 3, 99);
        volume.disk().checkpoint();
        files.flip(home.resolve("layer-0.data"), FileFormat.CONTENT_AT + 4 * BLOCK_BYTES + 1000, 1);
        return volume;
    }

    @Test void aCopyOfWhatWasLostGoesIntoItsLayerAndEveryCutOverItIsWhole() throws IOException {
        try (StoredVolume volume = rottenBelowASnapshot(); var now = volume.layers().freeze(); var view = volume.snapshots().open(SNAPSHOT)) {
            BitSet intents = volume.memo().intents();
            for (Blocks each : new Blocks[] {volume.disk(), now, view}) assertThatThrownBy(() -> valueAt(each, 4)).isInstanceOf(DamagedBlockException.class);
            assertThat(volume.layers().heal(4L * BLOCK_BYTES, filled(44, BLOCK_BYTES))).isTrue();
            for (Blocks each : new Blocks[] {volume.disk(), now, view}) assertThat(valueAt(each, 4)).isEqualTo(44);
            assertThat(valueAt(view, 3)).isEqualTo(33);
            assertThat(valueAt(volume.disk(), 3)).isEqualTo(99);
            assertThat(volume.memo().intents()).isEqualTo(intents);
            assertThat(volume.layers().heal(4L * BLOCK_BYTES, filled(44, BLOCK_BYTES))).as("it is whole").isFalse();
        }
    }

    @Test void aCopyThatIsNotWhatWasLostIsRefusedAndChangesNothing() throws IOException {
        try (StoredVolume volume = rottenBelowASnapshot(); var view = volume.snapshots().open(SNAPSHOT)) {
            for (int value : new int[] {0, 33, 45, 99}) assertThat(volume.layers().heal(4L * BLOCK_BYTES, filled(value, BLOCK_BYTES))).isFalse();
            for (Blocks each : new Blocks[] {volume.disk(), view}) assertThatThrownBy(() -> valueAt(each, 4)).isInstanceOf(DamagedBlockException.class);
            files.flip(home.resolve("layer-0.data"), FileFormat.CONTENT_AT + 4 * BLOCK_BYTES + 1000, 1);
            assertThat(valueAt(view, 4)).as("the bytes are those that were there").isEqualTo(44);
        }
    }

    @Test void aBlockWhoseChecksumIsLostTakesNoCopy() throws IOException {
        FileVolumeStore store = holdingTwoBlocks();
        files.flip(home.resolve("layer-0.map"), MapChunk.leafPositionOf(0) + 4 * Integer.BYTES, 1);
        try (StoredVolume volume = store.open(ID)) {
            assertThat(volume.layers().heal(4L * BLOCK_BYTES, filled(44, BLOCK_BYTES))).isFalse();
            assertThatThrownBy(() -> valueAt(volume.disk(), 4)).isInstanceOf(DamagedBlockException.class);
        }
    }

    @Test void whatWasHealedInAFrozenLayerIsThereForGoodAfterTheNextFlushAndUntilThenItIsHealedOrDamaged() throws IOException {
        for (int salt = 0; salt < 40; salt++) {
            for (boolean flushed : new boolean[] {true, false}) {
                LossyFiles disk = new LossyFiles();
                StoredVolume volume = FileVolumeStore.open(disk, DIR).create(ID, SIZE);
                put(volume, 4, 44);
                volume.snapshots().take(SNAPSHOT);
                volume.close();
                for (int sector = 0; sector < 8; sector++) disk.flip(home.resolve("layer-0.data"), FileFormat.CONTENT_AT + 4 * BLOCK_BYTES + 512 * sector, 1);
                volume = FileVolumeStore.open(disk, DIR).open(ID);
                assertThat(volume.layers().heal(4L * BLOCK_BYTES, filled(44, BLOCK_BYTES))).isTrue();
                if (flushed) volume.disk().flush();
                disk.cutPower(new Random(salt));
                try (StoredVolume again = FileVolumeStore.open(disk, DIR).open(ID); var view = again.snapshots().open(SNAPSHOT)) {
                    if (flushed) assertThat(valueAt(view, 4)).isEqualTo(44);
                    else assertThatThrownBy(() -> valueAt(view, 4)).as("half healed").isInstanceOf(DamagedBlockException.class);
                }
            }
        }
    }
}
