package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Memo;
import io.dyad.replication.VolumeStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link VolumeStore} keeps, face by face: the disk, its layers, its snapshots, what it remembers, and the store itself. */
abstract class VolumeStoreContract extends SnapshotsContract {
    @Test void intentsHoldEveryDirtiedRegionUntilSettledAfterACheckpoint() throws IOException {
        put(0, 1);
        put(2 * 1024, 1);
        Memo memo = volume.memo();
        assertThat(memo.intents()).isEqualTo(bits(0, 2));
        memo.settle(bits());
        assertThat(memo.intents()).as("nothing is on the disk yet").isEqualTo(bits(0, 2));
        disk.checkpoint();
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
}
