package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks;
import io.dyad.replication.Disk;
import io.dyad.replication.LayerStack.Frozen;
import io.dyad.replication.LayerStack.Staged;
import io.dyad.replication.Memo;
import io.dyad.replication.Snapshots;
import io.dyad.replication.StoredVolume;
import io.dyad.replication.VolumeStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every VolumeStore keeps. */
abstract class VolumeStoreContract {
    private static final VolumeId ID = new VolumeId(7);
    private static final int MB = 1 << 20;
    private static final long SIZE = 10L * MB;

    private VolumeStore store;
    private StoredVolume volume;
    private Disk disk;

    /** A new, empty store; it stays the same for one test. */
    abstract VolumeStore emptyStore() throws IOException;

    @BeforeEach void createsAVolume() throws IOException {
        store = emptyStore();
        volume = store.create(ID, SIZE);
        disk = volume.disk();
    }

    @AfterEach void closesTheVolume() throws IOException { volume.close(); }

    private void reopen() throws IOException {
        volume.close();
        volume = store.open(ID);
        disk = volume.disk();
    }

    static ByteBuffer filled(int value, int bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        while (buffer.hasRemaining()) buffer.put((byte) value);
        return buffer.flip();
    }

    private void put(long block, int value) throws IOException { disk.write(block * BLOCK_BYTES, filled(value, BLOCK_BYTES)); }

    static int valueAt(Blocks blocks, long block) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(BLOCK_BYTES);
        blocks.read(block * BLOCK_BYTES, into);
        assertThat(into.hasRemaining()).isFalse();
        for (int i = 1; i < BLOCK_BYTES; i++) assertThat(into.get(i)).isEqualTo(into.get(0));
        return into.get(0);
    }

    private void foldAll() throws IOException {
        int steps = 0;
        while (volume.layers().fold(64)) assertThat(steps++).isLessThan(10_000);
    }

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

    @Test void aCutStaysAsItIsWhileTheDiskMovesOn() throws IOException {
        put(1, 1);
        put(2, 2);
        Frozen cut = volume.layers().freeze();
        put(1, 11);
        put(3, 13);
        disk.zero(2L * BLOCK_BYTES, BLOCK_BYTES);
        assertThat(List.of(valueAt(cut, 1), valueAt(cut, 2), valueAt(cut, 3))).containsExactly(1, 2, 0);
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2), valueAt(disk, 3))).containsExactly(11, 0, 13);
        assertThat(cut.extentAt(3L * BLOCK_BYTES, SIZE).allocated()).isFalse();
        assertThat(disk.extentAt(2L * BLOCK_BYTES, SIZE)).isEqualTo(new Blocks.Extent(2L * BLOCK_BYTES, BLOCK_BYTES, false));
        assertThat(volume.layers().fold(100)).as("nothing may fold under an open cut").isFalse();
        cut.close();
        assertThatThrownBy(() -> valueAt(cut, 1)).isInstanceOf(IOException.class);
        foldAll();
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2), valueAt(disk, 3))).containsExactly(11, 0, 13);
        reopen();
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2), valueAt(disk, 3))).containsExactly(11, 0, 13);
        assertThat(volume.layers().fold(1)).isFalse();
    }

    @Test void onlyOneStagedLayerAtATime() throws IOException {
        Staged staged = volume.layers().stage();
        assertThatThrownBy(() -> volume.layers().stage()).isInstanceOf(IllegalStateException.class);
        staged.discard();
        assertThat(volume.layers().unfinished()).isEmpty();
        volume.layers().stage().discard();
        assertThatThrownBy(() -> staged.write(0, filled(1, BLOCK_BYTES))).isInstanceOf(IllegalStateException.class);
    }

    @Test void anyNumberOfCutsAreOpenAtATimeEachAsItWas() throws IOException {
        List<Frozen> cuts = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            put(1, i);
            put(10 + i, i);
            if (i == 3) disk.grow(SIZE + MB);
            cuts.add(volume.layers().freeze());
        }
        put(1, 6);
        Frozen third = cuts.remove(2);
        third.close();
        third.close();
        foldAll();
        for (Frozen cut : cuts) {
            int i = valueAt(cut, 1);
            assertThat(cut.sizeBytes()).isEqualTo(i < 3 ? SIZE : SIZE + MB);
            for (int block = 11; block <= 15; block++) assertThat(valueAt(cut, block)).isEqualTo(block - 10 <= i ? block - 10 : 0);
        }
        assertThat(valueAt(disk, 1)).isEqualTo(6);
        for (Frozen cut : cuts) cut.close();
        foldAll();
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 12), valueAt(disk, 15))).containsExactly(6, 2, 5);
    }

    private static UUID name(int number) { return new UUID(1, number); }

    @Test void aSnapshotStaysAsItWasUntilDeleted() throws IOException {
        put(1, 1);
        put(2, 2);
        volume.snapshots().take(name(1));
        put(1, 11);
        disk.zero(2L * BLOCK_BYTES, BLOCK_BYTES);
        disk.grow(SIZE + MB);
        for (int round = 0; round < 3; round++) {
            volume.snapshots().open(name(1)).close();
            try (Frozen view = volume.snapshots().open(name(1))) {
                assertThat(view.sizeBytes()).isEqualTo(SIZE);
                assertThat(List.of(valueAt(view, 1), valueAt(view, 2), valueAt(view, 3))).containsExactly(1, 2, 0);
            }
            assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2))).containsExactly(11, 0);
            foldAll();
            if (round == 1) reopen();
        }
        Frozen open = volume.snapshots().open(name(1));
        volume.snapshots().delete(name(1));
        volume.snapshots().delete(name(1));
        foldAll();
        assertThat(valueAt(open, 2)).as("open views outlive the name").isEqualTo(2);
        open.close();
        foldAll();
        assertThat(volume.snapshots().names()).isEmpty();
        assertThatThrownBy(() -> volume.snapshots().open(name(1))).isInstanceOf(FileNotFoundException.class);
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2))).containsExactly(11, 0);
        assertThatThrownBy(() -> valueAt(open, 2)).isInstanceOf(IOException.class);
    }

    @Test void aSnapshotsNameIsNew() throws IOException {
        volume.snapshots().take(name(1));
        assertThatThrownBy(() -> volume.snapshots().take(name(1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void asManySnapshotsAsThereMayBeStayUsableWhileOthersAreDeletedAndFolded() throws IOException {
        for (int i = 0; i < Snapshots.MAX; i++) {
            put(i, 100 + i);
            put(500, i);
            volume.snapshots().take(name(i));
        }
        put(500, 77);
        for (int i = 0; i < Snapshots.MAX; i += 2) volume.snapshots().delete(name(i));
        foldAll();
        reopen();
        assertThat(volume.snapshots().names()).hasSize(Snapshots.MAX / 2).first().isEqualTo(name(1));
        for (int i = 1; i < Snapshots.MAX; i += 2) {
            try (Frozen view = volume.snapshots().open(name(i))) {
                for (int block = 0; block < Snapshots.MAX; block++) assertThat(valueAt(view, block)).isEqualTo(block <= i ? (byte) (100 + block) : 0);
                assertThat(valueAt(view, 500)).isEqualTo(i);
            }
        }
        assertThat(valueAt(disk, 500)).isEqualTo(77);
    }

    @Test void aStagedLayerIsUnseenUntilCommittedWithItsMark() throws IOException {
        put(1, 1);
        put(2, 2);
        put(3, 3);
        Staged staged = volume.layers().stage();
        staged.write(BLOCK_BYTES, filled(21, BLOCK_BYTES));
        staged.zero(2L * BLOCK_BYTES, BLOCK_BYTES);
        assertThat(valueAt(disk, 1)).isEqualTo(1);
        staged.commit(new byte[] {42}, Optional.empty());
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2), valueAt(disk, 3))).containsExactly(21, 0, 3);
        assertThat(volume.memo().mark()).containsExactly(42);
        put(1, 31);
        assertThat(valueAt(disk, 1)).as("a write lands above what was committed before it").isEqualTo(31);
        reopen();
        foldAll();
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2), valueAt(disk, 3))).containsExactly(31, 0, 3);
        assertThat(volume.memo().mark()).containsExactly(42);
    }

    @Test void aWriteBetweenTwoStepsOfFoldingStays() throws IOException {
        Staged staged = volume.layers().stage();
        staged.write(0, filled(1, MB));
        staged.commit(new byte[0], Optional.empty());
        volume.layers().fold(100);
        put(5, 55);
        put(200, 56);
        foldAll();
        assertThat(List.of(valueAt(disk, 4), valueAt(disk, 5), valueAt(disk, 200))).containsExactly(1, 55, 56);
    }

    @Test void aStagedLayerIsFoundAgainAfterARestartAndGoesOn() throws IOException {
        put(1, 1);
        put(2, 2);
        Staged before = volume.layers().stage();
        before.write(BLOCK_BYTES, filled(21, BLOCK_BYTES));
        before.zero(2L * BLOCK_BYTES, BLOCK_BYTES);
        before.flush();
        reopen();
        Staged staged = volume.layers().unfinished().orElseThrow();
        assertThatThrownBy(() -> volume.layers().stage()).isInstanceOf(IllegalStateException.class);
        assertThat(staged.filledAt(0, SIZE)).isEqualTo(new Blocks.Extent(0, BLOCK_BYTES, false));
        assertThat(staged.filledAt(BLOCK_BYTES, SIZE)).isEqualTo(new Blocks.Extent(BLOCK_BYTES, 2L * BLOCK_BYTES, true));
        assertThat(staged.filledAt(3L * BLOCK_BYTES, SIZE).allocated()).isFalse();
        staged.write(4L * BLOCK_BYTES, filled(24, BLOCK_BYTES));
        staged.write(BLOCK_BYTES, filled(31, BLOCK_BYTES));
        staged.commit(new byte[] {1}, Optional.empty());
        assertThat(volume.layers().unfinished()).isEmpty();
        reopen();
        foldAll();
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2), valueAt(disk, 4))).containsExactly(31, 0, 24);
    }

    @Test void aStagedLayerReadsAsIfItWereCommitted() throws IOException {
        disk.write(0, filled(1, MB));
        Staged staged = volume.layers().stage();
        staged.zero(0, 10L * BLOCK_BYTES);
        staged.write(300L * BLOCK_BYTES, filled(3, BLOCK_BYTES));
        disk.grow(SIZE + MB);
        staged.write(SIZE, filled(4, BLOCK_BYTES));
        assertThat(staged.sizeBytes()).isEqualTo(SIZE + MB);
        assertThat(List.of(valueAt(staged, 9), valueAt(staged, 10), valueAt(staged, 300), valueAt(staged, SIZE / BLOCK_BYTES)))
                .containsExactly(0, 1, 3, 4);
        assertThat(staged.extentAt(0, SIZE)).isEqualTo(new Blocks.Extent(0, 10L * BLOCK_BYTES, false));
        assertThat(staged.extentAt(10L * BLOCK_BYTES, SIZE)).isEqualTo(new Blocks.Extent(10L * BLOCK_BYTES, 246L * BLOCK_BYTES, true));
        staged.discard();
        assertThat(valueAt(disk, 9)).isEqualTo(1);
    }

    @Test void aCommitMayLeaveASnapshotOfItsResult() throws IOException {
        put(1, 1);
        put(2, 2);
        Staged staged = volume.layers().stage();
        staged.write(BLOCK_BYTES, filled(21, BLOCK_BYTES));
        staged.commit(new byte[] {5}, Optional.of(name(9)));
        put(1, 31);
        foldAll();
        reopen();
        assertThat(volume.memo().mark()).containsExactly(5);
        try (Frozen view = volume.snapshots().open(name(9))) {
            assertThat(List.of(valueAt(view, 1), valueAt(view, 2))).containsExactly(21, 2);
        }
        assertThat(valueAt(disk, 1)).isEqualTo(31);
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

    @Test void intentsHoldEveryDirtiedRegionUntilSettledAfterAFlush() throws IOException {
        put(0, 1);
        put(2 * 1024, 1);
        Memo memo = volume.memo();
        assertThat(memo.intents()).isEqualTo(bits(0, 2));
        memo.settle(bits());
        assertThat(memo.intents()).as("nothing is flushed yet").isEqualTo(bits(0, 2));
        disk.flush();
        memo.settle(bits(2));
        assertThat(memo.intents()).isEqualTo(bits(2));
        put(0, 2);
        reopen();
        assertThat(volume.memo().intents()).as("closing flushes, so only what is needed stays").isEqualTo(bits(2));
    }

    static BitSet bits(int... regions) {
        BitSet set = new BitSet();
        Arrays.stream(regions).forEach(set::set);
        return set;
    }

    @Test void theMarkIsReplacedDurably() throws IOException {
        assertThat(volume.memo().mark()).isEmpty();
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) 7);
        volume.memo().mark(large);
        reopen();
        assertThat(volume.memo().mark()).isEqualTo(large);
        assertThatThrownBy(() -> volume.memo().mark(new byte[(16 << 20) + 1])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void theJournalHandsOverWholeBatchesInOrderUntilReset() throws IOException {
        volume.journal().append(3, filled(1, 100));
        volume.journal().append(9, filled(2, MB));
        assertThatThrownBy(() -> volume.journal().append(9, filled(2, 1))).isInstanceOf(IllegalArgumentException.class);
        reopen();
        assertThat(replayed()).containsExactly("3:100x1", "9:" + MB + "x2");
        volume.journal().append(10, filled(3, 0));
        volume.journal().append(11, filled(4, 5));
        reopen();
        assertThat(replayed()).containsExactly("3:100x1", "9:" + MB + "x2", "10:0", "11:5x4");
        volume.journal().reset();
        assertThat(replayed()).isEmpty();
        volume.journal().append(1, filled(8, 1));
        reopen();
        assertThat(replayed()).containsExactly("1:1x8");
    }

    private List<String> replayed() throws IOException {
        List<String> all = new ArrayList<>();
        volume.journal().replay((seq, batch) -> all.add(seq + ":" + batch.remaining() + (batch.hasRemaining() ? "x" + batch.get(0) : "")));
        return all;
    }

    @Test void volumesAreCreatedOnceListedAndDeleted() throws IOException {
        assertThatThrownBy(() -> store.create(ID, SIZE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.open(ID)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.open(new VolumeId(8))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.delete(ID)).isInstanceOf(IllegalStateException.class);
        store.create(new VolumeId(8), BLOCK_BYTES).close();
        assertThat(store.volumes()).containsExactly(ID, new VolumeId(8));
        store.delete(new VolumeId(8));
        store.delete(new VolumeId(8));
        assertThat(store.volumes()).containsExactly(ID);
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
