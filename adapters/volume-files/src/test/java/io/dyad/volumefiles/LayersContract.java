package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.Blocks;
import io.dyad.replication.LayerStack.Frozen;
import io.dyad.replication.Staged;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link io.dyad.replication.LayerStack} keeps: cuts of a disk, and staged layers on it. */
abstract class LayersContract extends DiskContract {
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
        assertThat(volume.layers().folds()).as("there is something to fold").isTrue();
        foldAll();
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2), valueAt(disk, 3))).containsExactly(11, 0, 13);
        reopen();
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2), valueAt(disk, 3))).containsExactly(11, 0, 13);
        assertThat(volume.layers().fold(1)).isFalse();
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

    @Test void whatIsWholeTakesNoCopy() throws IOException {
        put(1, 1);
        Frozen cut = volume.layers().freeze();
        put(1, 2);
        for (int value = 0; value <= 3; value++) assertThat(volume.layers().heal(BLOCK_BYTES, filled(value, BLOCK_BYTES))).isFalse();
        assertThat(List.of(valueAt(cut, 1), valueAt(disk, 1))).containsExactly(1, 2);
        cut.close();
        assertThatThrownBy(() -> volume.layers().heal(SIZE, filled(1, BLOCK_BYTES))).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test void onlyOneStagedLayerAtATime() throws IOException {
        Staged staged = volume.staging().stage();
        assertThatThrownBy(() -> volume.staging().stage()).isInstanceOf(IllegalStateException.class);
        staged.discard();
        assertThat(volume.staging().unfinished()).isEmpty();
        volume.staging().stage().discard();
        assertThatThrownBy(() -> staged.write(0, filled(1, BLOCK_BYTES))).isInstanceOf(IllegalStateException.class);
    }

    @Test void aStagedLayerIsUnseenUntilCommittedWithItsMark() throws IOException {
        put(1, 1);
        put(2, 2);
        put(3, 3);
        Staged staged = volume.staging().stage();
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
        Staged staged = volume.staging().stage();
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
        Staged before = volume.staging().stage();
        before.write(BLOCK_BYTES, filled(21, BLOCK_BYTES));
        before.zero(2L * BLOCK_BYTES, BLOCK_BYTES);
        before.flush();
        reopen();
        Staged staged = volume.staging().unfinished().orElseThrow();
        assertThatThrownBy(() -> volume.staging().stage()).isInstanceOf(IllegalStateException.class);
        assertThat(staged.filledAt(0, SIZE)).isEqualTo(new Blocks.Extent(0, BLOCK_BYTES, false));
        assertThat(staged.filledAt(BLOCK_BYTES, SIZE)).isEqualTo(new Blocks.Extent(BLOCK_BYTES, 2L * BLOCK_BYTES, true));
        assertThat(staged.filledAt(3L * BLOCK_BYTES, SIZE).allocated()).isFalse();
        staged.write(4L * BLOCK_BYTES, filled(24, BLOCK_BYTES));
        staged.write(BLOCK_BYTES, filled(31, BLOCK_BYTES));
        staged.commit(new byte[] {1}, Optional.empty());
        assertThat(volume.staging().unfinished()).isEmpty();
        reopen();
        foldAll();
        assertThat(List.of(valueAt(disk, 1), valueAt(disk, 2), valueAt(disk, 4))).containsExactly(31, 0, 24);
    }

    @Test void aStagedLayerReadsAsIfItWereCommitted() throws IOException {
        disk.write(0, filled(1, MB));
        Staged staged = volume.staging().stage();
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
}
