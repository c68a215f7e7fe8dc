package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static io.dyad.volumefiles.VolumeStoreContract.filled;
import static io.dyad.volumefiles.VolumeStoreContract.valueAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.VolumeId;
import io.dyad.replication.DamagedBlockException;
import io.dyad.replication.Memo;
import io.dyad.replication.StoredVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a flush brings to the disk, and what it leaves for recovery to find out. */
class FlushTest {
    private static final VolumeId ID = new VolumeId(1);
    private static final Path DIR = Path.of("store");
    private static final Path HOME = DIR.resolve("volume-1");
    private static final long LEAVES = 40;

    private final LossyFiles files = new LossyFiles();

    private FileVolumeStore store() throws IOException { return FileVolumeStore.open(files, DIR); }

    private static void put(StoredVolume volume, long block, int value) throws IOException {
        volume.disk().write(block * BLOCK_BYTES, filled(value, BLOCK_BYTES));
    }

    private int forcesOfAFlush(StoredVolume volume) throws IOException {
        int before = files.forces;
        volume.disk().flush();
        return files.forces - before;
    }

    @Test void aVolumeOfOneLayerForcesItsBytesOnlyAndLosesNothingOfThem() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            StoredVolume volume = store().create(new VolumeId(seed + 1), 1 << 20);
            put(volume, 3, 31);
            volume.disk().flush();
            put(volume, 3, 32);
            put(volume, 4, 41);
            assertThat(forcesOfAFlush(volume)).isEqualTo(1);
            assertThat(forcesOfAFlush(volume)).as("nothing was written since").isZero();
            files.cutPower(new Random(seed));
            try (StoredVolume again = store().open(new VolumeId(seed + 1))) {
                assertThat(valueAt(again.disk(), 3)).isEqualTo(32);
                assertThat(valueAt(again.disk(), 4)).isEqualTo(41);
            }
        }
    }

    @Test void aBlockThatWasDamagedAndIsWrittenAnewIsWholeAfterAFlushAndAPowerCut() throws IOException {
        try (StoredVolume volume = store().create(ID, 1 << 20)) {
            put(volume, 3, 31);
            put(volume, 4, 41);
        }
        files.flip(HOME.resolve("layer-0.map"), MapChunk.leafPositionOf(0) + 4 * Integer.BYTES, 1);
        StoredVolume volume = store().open(ID);
        put(volume, 3, 32);
        volume.disk().flush();
        files.cutPower(new Random(1));
        try (StoredVolume again = store().open(ID)) {
            assertThat(valueAt(again.disk(), 3)).isEqualTo(32);
            assertThatThrownBy(() -> valueAt(again.disk(), 4)).isInstanceOf(DamagedBlockException.class);
        }
    }

    @Test void behindACheckpointNothingIsBelievedThatDoesNotMatch() throws IOException {
        StoredVolume volume = store().create(ID, 1 << 20);
        put(volume, 3, 31);
        volume.disk().flush();
        volume.disk().checkpoint();
        volume.memo().settle(new BitSet());
        volume.memo().mark(new byte[] {1});
        files.kill();
        files.flip(HOME.resolve("layer-0.data"), FileFormat.CONTENT_AT + 3 * BLOCK_BYTES, 1);
        try (StoredVolume again = store().open(ID)) {
            assertThatThrownBy(() -> valueAt(again.disk(), 3)).isInstanceOf(DamagedBlockException.class);
        }
    }

    @Test void rotIsNotBelievedAfterAPowerCutWhereAllWasSettledThoughThePeerStillNeedsTheRegion() throws IOException {
        StoredVolume volume = store().create(ID, 1 << 20);
        put(volume, 4, 44);
        put(volume, 5, 55);
        volume.disk().checkpoint();
        volume.memo().settle(VolumeStoreContract.bits(0));
        files.flip(HOME.resolve("layer-0.data"), FileFormat.CONTENT_AT + 4 * BLOCK_BYTES + 1000, 1);
        files.cutPower(new Random(1));
        try (StoredVolume again = store().open(ID)) {
            assertThatThrownBy(() -> valueAt(again.disk(), 4)).isInstanceOf(DamagedBlockException.class);
            assertThat(valueAt(again.disk(), 5)).isEqualTo(55);
            assertThat(again.memo().intents().get(0)).isTrue();
        }
    }

    @Test void theMapIsStoredBeforeTooMuchOfItWaitsInMemory() throws IOException {
        MapBudget budget = new MapBudget(LEAVES * MapLeaf.HEAP_BYTES);
        StoredVolume volume = FileVolumeStore.open(files, DIR, budget).create(ID, LEAVES * Memo.REGION_BYTES);
        int most = 0;
        for (int leaf = 0; leaf < LEAVES; leaf++) {
            put(volume, (long) leaf * LayerMap.LEAF_BLOCKS, 7);
            most = Math.max(most, forcesOfAFlush(volume));
            assertThat(budget.letsWait()).as("what is left waiting behind a flush").isTrue();
        }
        assertThat(most).as("bytes and map").isEqualTo(2);
        volume.close();
        assertThat(budget.usedBytes()).isZero();
    }
}
