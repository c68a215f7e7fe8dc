package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static io.dyad.volumefiles.VolumeStoreContract.filled;
import static io.dyad.volumefiles.VolumeStoreContract.valueAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks;
import io.dyad.replication.DamagedBlockException;
import io.dyad.replication.Memo;
import io.dyad.replication.StoreFullException;
import io.dyad.replication.StoredVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broken disk may do to a volume, and what the volume says to it. */
class DamageTest {
    private static final VolumeId ID = new VolumeId(1);
    private static final int BLOCKS = 1024 + 100;
    private static final Path DIR = Path.of("store");

    private final LossyFiles files = new LossyFiles();
    private final FileVolumeStore store = opened();
    private final Path home = DIR.resolve("volume-1");

    private FileVolumeStore opened() {
        try {
            return FileVolumeStore.open(files, DIR);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach void fillsTwoBlocks() throws IOException {
        try (StoredVolume volume = store.create(ID, (long) BLOCKS * BLOCK_BYTES)) {
            put(volume, 3, 33);
            put(volume, 4, 44);
            volume.journal().append(1, filled(1, 1000));
            volume.journal().append(2, filled(2, 1000));
        }
    }

    private static void put(StoredVolume volume, long block, int value) throws IOException {
        volume.disk().write(block * BLOCK_BYTES, filled(value, BLOCK_BYTES));
    }

    @Test void aTurnedBitInABlockIsToldWithItsOffset() throws IOException {
        files.flip(home.resolve("layer-0.data"), FileFormat.CONTENT_AT + 4 * BLOCK_BYTES + 1000, 1);
        assertDamaged(4);
    }

    /** Sector 0 of leaf 0: blocks 0 to 113. */
    private static final long MAP_SECTOR = MapChunk.leafPositionOf(0);

    @Test void aTurnedBitInTheMapMakesItsBlocksDamagedUntilEachIsWrittenAnew() throws IOException {
        files.flip(home.resolve("layer-0.map"), MAP_SECTOR + 4 * Integer.BYTES, 1);
        try (StoredVolume volume = store.open(ID)) {
            for (int block : new int[] {0, 3, 4, 113}) assertThatThrownBy(() -> valueAt(volume.disk(), block)).isInstanceOf(DamagedBlockException.class);
            assertThat(volume.disk().extentAt(0, 200L * BLOCK_BYTES)).as("never silently absent").isEqualTo(new Blocks.Extent(0, 114L * BLOCK_BYTES, true));
            assertThat(valueAt(volume.disk(), 114)).isZero();
            put(volume, 4, 47);
            volume.disk().zero(5L * BLOCK_BYTES, BLOCK_BYTES);
            volume.disk().flush();
        }
        try (StoredVolume volume = store.open(ID)) {
            assertThat(valueAt(volume.disk(), 4)).isEqualTo(47);
            assertThat(valueAt(volume.disk(), 5)).isZero();
            assertThatThrownBy(() -> valueAt(volume.disk(), 3)).isInstanceOf(DamagedBlockException.class);
        }
    }

    @Test void damageOfASnapshotsMapIsHealedForTheDiskAndStaysInTheSnapshot() throws IOException {
        UUID name = new UUID(0, 1);
        try (StoredVolume volume = store.open(ID)) {
            volume.snapshots().take(name);
        }
        files.flip(home.resolve("layer-0.map"), MAP_SECTOR + 4 * Integer.BYTES, 1);
        try (StoredVolume volume = store.open(ID)) {
            put(volume, 4, 48);
            assertThat(valueAt(volume.disk(), 4)).isEqualTo(48);
            try (var view = volume.snapshots().open(name)) {
                assertThatThrownBy(() -> valueAt(view, 4)).isInstanceOf(DamagedBlockException.class);
            }
        }
    }

    @Test void damageInAStagedLayerCountsAsNotFilled() throws IOException {
        try (StoredVolume volume = store.open(ID)) {
            volume.staging().stage().write(0, filled(9, 200 * BLOCK_BYTES));
        }
        files.flip(home.resolve("layer-1.map"), MAP_SECTOR, 1);
        try (StoredVolume volume = store.open(ID)) {
            var staged = volume.staging().unfinished().orElseThrow();
            assertThat(staged.filledAt(0, 300L * BLOCK_BYTES)).isEqualTo(new Blocks.Extent(0, 114L * BLOCK_BYTES, false));
            staged.write(0, filled(9, 114 * BLOCK_BYTES));
            staged.commit(new byte[0], Optional.empty());
            assertThat(valueAt(volume.disk(), 100)).isEqualTo(9);
        }
    }

    /** Whatever bit turns, in whichever file: refused in words, told as damage, or of no consequence; never wrong content. */
    @ParameterizedTest @ValueSource(strings = {"manifest", "intents", "layer-0.data", "layer-0.map", "journal-0"})
    void aTurnedBitAnywhereIsDetectedOrOfNoConsequence(String name) throws IOException {
        Random chance = new Random(name.hashCode());
        BitSet intents;
        try (StoredVolume volume = store.open(ID)) {
            intents = volume.memo().intents();
        }
        int noticed = 0;
        for (int round = 0; round < 200; round++) {
            long near = round % 2 == 0 ? files.sizeOf(home.resolve(name)) : Math.min(files.sizeOf(home.resolve(name)), 32 << 10);
            long at = chance.nextLong(near);
            int bit = 1 << chance.nextInt(8);
            files.flip(home.resolve(name), at, bit);
            try (StoredVolume volume = store.open(ID)) {
                noticed += judge(volume, intents) ? 1 : 0;
            } catch (IOException refused) {
                assertThat(refused).hasMessageContaining(name);
                noticed++;
            }
            files.flip(home.resolve(name), at, bit);
        }
        assertThat(noticed).as("turned bits that were noticed").isGreaterThan(1);
    }

    private static boolean judge(StoredVolume volume, BitSet intents) throws IOException {
        int damaged = 0;
        for (int block = 0; block < 130; block++) {
            try {
                assertThat(valueAt(volume.disk(), block)).isEqualTo(block == 3 ? 33 : block == 4 ? 44 : 0);
            } catch (DamagedBlockException told) {
                damaged++;
            }
        }
        AtomicInteger batches = new AtomicInteger();
        volume.journal().replay((seq, batch) -> assertThat(seq).isEqualTo(batches.incrementAndGet()));
        assertThat(batches.get() == 2).as("both batches, or the loss is told").isNotEqualTo(volume.journal().damaged());
        BitSet found = volume.memo().intents();
        BitSet missing = (BitSet) intents.clone();
        missing.andNot(found);
        assertThat(missing).isEqualTo(new BitSet());
        return damaged > 0 || volume.journal().damaged() || !found.equals(intents);
    }

    /** A kill found a write above a snapshot in the recent entries alone, and a bit of theirs has turned. */
    @Test void noDamageOfTheRecentEntriesKeepsAVolumeClosedAndThatOfTheirHeaderCostsNothing() throws IOException {
        for (int at : new int[] {0, 7, 8, 11, 15, 512, 519, 523, -36, -32, -20, -12, -5, -1}) {
            LossyFiles disk = new LossyFiles();
            StoredVolume volume = FileVolumeStore.open(disk, DIR).create(ID, (long) BLOCKS * BLOCK_BYTES);
            put(volume, 3, 33);
            volume.snapshots().take(new UUID(0, 1));
            put(volume, 3, 55);
            disk.kill();
            disk.flip(home.resolve(RecentEntries.NAME), at < 0 ? disk.sizeOf(home.resolve(RecentEntries.NAME)) + at : at, 4);
            try (StoredVolume again = FileVolumeStore.open(disk, DIR).open(ID)) {
                assertThat(valueAt(again.disk(), 3)).as("byte " + at).isEqualTo(at >= 0 && at < FileFormat.HEADER_BYTES ? 55 : 33);
                assertThat(again.memo().intents().get(0)).as("in doubt towards the other end").isTrue();
                put(again, 3, 66);
            }
            disk.kill();
            try (StoredVolume again = FileVolumeStore.open(disk, DIR).open(ID)) {
                assertThat(valueAt(again.disk(), 3)).isEqualTo(66);
            }
        }
    }

    private void assertDamaged(int block) throws IOException {
        try (StoredVolume volume = store.open(ID)) {
            assertThat(valueAt(volume.disk(), 3)).isEqualTo(33);
            ByteBuffer all = ByteBuffer.allocate(20 * BLOCK_BYTES);
            DamagedBlockException damage = catchThrowableOfType(DamagedBlockException.class, () -> volume.disk().read(0, all));
            assertThat(damage.offsetBytes()).isEqualTo((long) block * BLOCK_BYTES);
            put(volume, block, 7);
            assertThat(valueAt(volume.disk(), block)).as("a new write heals it").isEqualTo(7);
        }
    }

    @Test void damageStaysDamageWhenItsLayerFolds() throws IOException {
        StoredVolume volume = store.open(ID);
        volume.layers().freeze().close();
        volume.staging().stage().discard();
        var staged = volume.staging().stage();
        staged.write(0, filled(1, BLOCK_BYTES));
        staged.commit(new byte[0], Optional.empty());
        files.flip(home.resolve("layer-3.data"), FileFormat.CONTENT_AT + 5, 1);
        while (volume.layers().fold(100)) assertThat(volume.disk().sizeBytes()).isPositive();
        assertThatThrownBy(() -> valueAt(volume.disk(), 0)).isInstanceOf(DamagedBlockException.class);
        volume.close();
    }

    @ParameterizedTest @ValueSource(ints = {20, 30, 45, 50})
    void aTurnedBitInTheManifestIsRefused(int at) {
        files.flip(home.resolve("manifest"), at, 1);
        assertThatThrownBy(() -> store.open(ID)).hasMessageContaining("manifest is damaged");
    }

    @Test void aTurnedBitInTheIntentMapCountsAsIntentEverywhere() throws IOException {
        files.flip(home.resolve("intents"), 512 + 100, 1);
        try (StoredVolume volume = store.open(ID)) {
            assertThat(volume.memo().intents().cardinality()).isEqualTo(2);
            assertThat(valueAt(volume.disk(), 4)).isEqualTo(44);
        }
    }

    @ParameterizedTest @ValueSource(ints = {1, 2})
    void aTurnedBitInTheJournalIsToldAtEveryOpeningUntilItIsReset(int batch) throws IOException {
        files.flip(home.resolve("journal-0"), JournalBatch.ALIGNED_BYTES + (batch - 1) * JournalBatch.extentBytes(1000) + 500, 1);
        for (int round = 0; round < 2; round++) {
            try (StoredVolume volume = store.open(ID)) {
                AtomicInteger batches = new AtomicInteger();
                volume.journal().replay((seq, bytes) -> assertThat(seq).isEqualTo(batches.incrementAndGet()));
                assertThat(batches).hasValue(batch - 1);
                assertThat(volume.journal().damaged()).isTrue();
                assertThatThrownBy(() -> volume.journal().append(9, filled(1, 1))).isInstanceOf(IllegalStateException.class);
            }
        }
        try (StoredVolume volume = store.open(ID)) {
            volume.journal().reset();
            assertThat(volume.journal().damaged()).isFalse();
            volume.journal().append(9, filled(1, 1));
        }
        try (StoredVolume volume = store.open(ID)) {
            assertThat(volume.journal().damaged()).isFalse();
        }
    }

    @ParameterizedTest @ValueSource(strings = {"manifest", "intents", "layer-0.data", "layer-0.map", "journal-0"})
    void anUnknownVersionIsRefusedInWords(String name) throws IOException {
        var file = files.open(home.resolve(name));
        ByteBuffer header = ByteBuffer.allocate(FileFormat.HEADER_BYTES);
        file.read(0, header);
        header.putInt(8, 99).putInt(12, FileFormat.checksum(header, 0, 12));
        file.write(0, header.clear());
        assertThatThrownBy(() -> store.open(ID)).hasMessageContaining(name).hasMessageContaining("format version 99");
    }

    @ParameterizedTest @ValueSource(strings = {"manifest", "intents", "layer-0.data", "layer-0.map", "journal-0"})
    void aForeignFileIsRefused(String name) {
        files.flip(home.resolve(name), 0, 0x20);
        assertThatThrownBy(() -> store.open(ID)).hasMessageContaining(name).hasMessageContaining("is not a Dyad");
    }

    @Test void afterAFailedForceOnlyReadsGoOn() throws IOException {
        StoredVolume volume = store.open(ID);
        put(volume, 5, 55);
        files.failsForces = true;
        assertThatThrownBy(() -> volume.disk().flush()).hasMessage("the disk fails");
        files.failsForces = false;
        assertThatThrownBy(() -> volume.disk().flush()).hasMessageContaining("stopped");
        assertThatThrownBy(() -> put(volume, 5, 56)).hasMessageContaining("stopped");
        assertThatThrownBy(() -> volume.memo().mark(new byte[1])).hasMessageContaining("stopped");
        assertThat(valueAt(volume.disk(), 5)).isEqualTo(55);
        assertThatThrownBy(volume::close).hasMessageContaining("stopped");
        try (StoredVolume again = store.open(ID)) {
            assertThat(again.memo().intents().get(0)).isTrue();
        }
    }

    @Test void aFailedForceOfTheIntentMapLetsNoWriteThrough() throws IOException {
        StoredVolume volume = store.open(ID);
        files.failsForces = true;
        assertThatThrownBy(() -> put(volume, 4, 45)).hasMessage("the disk fails");
        assertThat(valueAt(volume.disk(), 4)).isEqualTo(44);
        files.failsForces = false;
        assertThatThrownBy(() -> put(volume, 4, 45)).hasMessageContaining("stopped");
        assertThatThrownBy(volume::close).hasMessageContaining("stopped");
    }

    @Test void aFullDiskFailsTheWriteAndNothingElse() throws IOException {
        try (StoredVolume volume = store.open(ID)) {
            put(volume, 4, 45);
            files.full = true;
            assertThatThrownBy(() -> put(volume, 4, 46)).isInstanceOf(StoreFullException.class);
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            volume.disk().read(4L * BLOCK_BYTES, block);
            assertThat(block.get(0)).as("what reached the file").isEqualTo((byte) 46);
            assertThat(block.get(BLOCK_BYTES - 1)).as("what did not").isEqualTo((byte) 45);
            assertThatThrownBy(() -> volume.journal().append(3, filled(3, 5000))).isInstanceOf(StoreFullException.class);
            files.full = false;
            put(volume, 4, 47);
            volume.journal().append(3, filled(4, 10));
            assertThat(valueAt(volume.disk(), 4)).isEqualTo(47);
        }
    }

    @Test void aDiskThatIsFullWhenASyncStoresItsMapsLosesNothingAndGoesOnOnceThereIsRoom() throws IOException {
        try (StoredVolume volume = store.open(ID)) {
            put(volume, 4, 45);
            files.full = true;
            assertThatThrownBy(() -> volume.disk().checkpoint()).isInstanceOf(StoreFullException.class);
            assertThatThrownBy(() -> volume.snapshots().take(new UUID(0, 1))).isInstanceOf(StoreFullException.class);
            assertThat(volume.snapshots().names()).isEmpty();
            BitSet none = new BitSet();
            volume.memo().settle(none);
            assertThat(volume.memo().intents().get(0)).as("what is not in the map stays intended").isTrue();
            files.full = false;
            volume.disk().checkpoint();
            volume.snapshots().take(new UUID(0, 1));
            files.kill();
        } catch (IOException killed) {
            assertThat(killed).isInstanceOf(LossyFiles.Stopped.class);
        }
        try (StoredVolume volume = FileVolumeStore.open(files, DIR).open(ID)) {
            assertThat(valueAt(volume.disk(), 4)).isEqualTo(45);
            assertThat(volume.snapshots().names()).hasSize(1);
        }
    }

    @Test void anErrorOfOneReadOrOneWriteIsItsCallersAndNothingElse() throws IOException {
        try (StoredVolume volume = store.open(ID)) {
            put(volume, 4, 45);
            files.failsReads = true;
            assertThatThrownBy(() -> valueAt(volume.disk(), 4)).isInstanceOf(IOException.class).isNotInstanceOf(DamagedBlockException.class);
            files.failsReads = false;
            files.failsWrites = true;
            assertThatThrownBy(() -> put(volume, 4, 46)).hasMessage("Input/output error");
            files.failsWrites = false;
            assertThat(valueAt(volume.disk(), 4)).isEqualTo(45);
            put(volume, 4, 47);
            volume.disk().flush();
            assertThat(valueAt(volume.disk(), 4)).isEqualTo(47);
        }
    }

    @Test void afterAFailedForceOfAStagedLayerNothingIsTrustedEither() throws IOException {
        StoredVolume volume = store.open(ID);
        var staged = volume.staging().stage();
        staged.write(0, filled(9, BLOCK_BYTES));
        files.failsForces = true;
        assertThatThrownBy(staged::flush).hasMessage("the disk fails");
        files.failsForces = false;
        assertThatThrownBy(() -> staged.commit(new byte[1], Optional.empty())).hasMessageContaining("stopped");
        assertThatThrownBy(volume::close).hasMessageContaining("stopped");
        try (StoredVolume again = store.open(ID)) {
            assertThat(again.memo().mark()).isEmpty();
            assertThat(valueAt(again.disk(), 0)).isZero();
        }
    }

    @Test void theSystemsWordsForNoRoomBecomeTheirOwnType() {
        assertThat(NioFileLayer.explained(new IOException("No space left on device"))).isInstanceOf(StoreFullException.class);
        assertThat(NioFileLayer.explained(new IOException("Input/output error"))).isNotInstanceOf(StoreFullException.class);
    }

    @Test void aWriteToAKnownRegionForcesNothingAndIdleFlushesForceNothing() throws IOException {
        try (StoredVolume volume = store.open(ID)) {
            put(volume, 1, 1);
            int forces = files.forces;
            volume.disk().write(0, filled(1, 100 * BLOCK_BYTES));
            assertThat(files.forces).isEqualTo(forces);
            volume.disk().checkpoint();
            assertThat(files.forces).as("data, then map").isEqualTo(forces + 2);
            volume.disk().checkpoint();
            volume.disk().flush();
            assertThat(files.forces).isEqualTo(forces + 2);
        }
    }

    @Test void oneForceMarksAllRegionsOfAWrite() throws IOException {
        try (StoredVolume volume = store.open(ID)) {
            int forces = files.forces;
            volume.disk().write(Memo.REGION_BYTES - BLOCK_BYTES, filled(1, 2 * BLOCK_BYTES));
            assertThat(files.forces).isEqualTo(forces + 1);
        }
    }

    @Test void anInterruptedThreadDoesNotCloseTheFilesForOthers(@TempDir Path dir) throws IOException {
        try (FileVolumeStore real = FileVolumeStore.open(dir); StoredVolume volume = real.create(ID, 1 << 20)) {
            Thread.currentThread().interrupt();
            put(volume, 1, 11);
            assertThat(valueAt(volume.disk(), 1)).isEqualTo(11);
            volume.disk().flush();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(valueAt(volume.disk(), 1)).isEqualTo(11);
        }
    }
}
