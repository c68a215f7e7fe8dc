package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.LayerStack.Frozen;
import io.dyad.replication.Snapshots;
import io.dyad.replication.Staged;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What all {@link Snapshots} keep: cuts with a name, which outlive a restart. */
abstract class SnapshotsContract extends LayersContract {
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

    @Test void oneMoreOfASnapshotHoldsTheSameAndOutlivesIt() throws IOException {
        put(1, 1);
        volume.snapshots().take(name(1));
        put(1, 11);
        volume.snapshots().take(name(2));
        put(1, 111);
        volume.snapshots().take(name(3), Optional.of(name(1)));
        volume.snapshots().delete(name(1));
        disk.grow(SIZE + MB);
        for (int round = 0; round < 2; round++) {
            foldAll();
            try (Frozen view = volume.snapshots().open(name(3)); Frozen later = volume.snapshots().open(name(2))) {
                assertThat(view.sizeBytes()).isEqualTo(SIZE);
                assertThat(List.of(valueAt(view, 1), valueAt(later, 1), valueAt(disk, 1))).containsExactly(1, 11, 111);
            }
            reopen();
        }
        assertThatThrownBy(() -> volume.snapshots().take(name(4), Optional.of(name(1)))).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> volume.snapshots().take(name(3), Optional.of(name(2)))).isInstanceOf(IllegalArgumentException.class);
        volume.snapshots().delete(name(3));
        foldAll();
        assertThat(volume.snapshots().names()).containsExactly(name(2));
        assertThat(valueAt(disk, 1)).isEqualTo(111);
    }

    @Test void aSnapshotHoldsWhatTheVolumeHoldsUntilSomethingIsWritten() throws IOException {
        put(1, 1);
        volume.snapshots().take(name(1));
        volume.snapshots().take(name(2), Optional.of(name(1)));
        for (int round = 0; round < 2; round++) {
            assertThat(volume.snapshots().unwrittenSince(name(1))).isTrue();
            assertThat(volume.snapshots().unwrittenSince(name(2))).isTrue();
            assertThat(volume.snapshots().unwrittenSince(name(3))).isFalse();
            reopen();
        }
        disk.zero(4L * BLOCK_BYTES, BLOCK_BYTES);
        volume.snapshots().take(name(4));
        for (int round = 0; round < 2; round++) {
            assertThat(volume.snapshots().unwrittenSince(name(1))).isFalse();
            assertThat(volume.snapshots().unwrittenSince(name(4))).isTrue();
            reopen();
        }
        Staged staged = volume.staging().stage();
        staged.write(BLOCK_BYTES, filled(21, BLOCK_BYTES));
        assertThat(volume.snapshots().unwrittenSince(name(4))).as("what is staged is not written yet").isTrue();
        staged.commit(new byte[] {5}, Optional.empty());
        for (int round = 0; round < 2; round++) {
            assertThat(volume.snapshots().unwrittenSince(name(4))).isFalse();
            reopen();
        }
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

    @Test void aCommitMayLeaveASnapshotOfItsResult() throws IOException {
        put(1, 1);
        put(2, 2);
        Staged staged = volume.staging().stage();
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
}
