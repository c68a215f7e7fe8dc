package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.Mark.Progress;
import io.dyad.replication.Mark.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MarkTest {
    private static DirtyMap blocks(long... blocks) {
        DirtyMap map = new DirtyMap();
        for (long block : blocks) map.mark(block * Blocks.BLOCK_BYTES, Blocks.BLOCK_BYTES);
        return map;
    }

    private static final Mark.Bond BOND = new Mark.Bond(new UUID(5, 6), Progress.SYNCED, new Mark.Point(7, 70), new History(new UUID(1, 1), List.of(new UUID(2, 2))), 3);

    private static SnapshotQueue queue() {
        SnapshotQueue queue = new SnapshotQueue();
        queue.add(new UUID(7, 8), 99, Differing.ofKnown(blocks(77)));
        return queue;
    }

    @Test void a_mark_reads_back_with_every_block() throws IOException {
        Interrupted interrupted = new Interrupted(9, 8, new Differing(blocks(4), blocks(5)), blocks(6));
        Mark mark = new Mark(BOND, Role.TARGET, true, new Differing(blocks(0, 1023, 1024, 4_294_967_295L), blocks(2)), interrupted, queue());
        Mark read = Mark.parse(mark.toBytes());
        assertThat(read.toBytes()).isEqualTo(mark.toBytes());
        assertThat(read.bond()).isEqualTo(BOND);
        assertThat(read.since().known().count()).isEqualTo(4);
        assertThat(read.since().known().contains(4_294_967_295L * Blocks.BLOCK_BYTES)).isTrue();
        assertThat(read.since().doubt().contains(2L * Blocks.BLOCK_BYTES)).isTrue();
        assertThat(read.queue().first().orElseThrow()).satisfies(w -> {
            assertThat(w.name()).isEqualTo(new UUID(7, 8));
            assertThat(w.changed().known().contains(77L * Blocks.BLOCK_BYTES)).isTrue();
        });
        assertThat(read.interrupted().epoch()).isEqualTo(9);
        assertThat(read.interrupted().stale().contains(6L * Blocks.BLOCK_BYTES)).isTrue();
    }

    @Test void a_mark_of_the_first_version_is_still_read() throws IOException {
        byte[] map = blocks(3, 4).toBytes();
        ByteBuffer old = ByteBuffer.allocate(32 + map.length);
        old.put((byte) 1).putLong(5).putLong(6).put((byte) 2).put((byte) 2).put((byte) 1).putLong(7).putInt(map.length).put(map);
        Mark read = Mark.parse(old.array());
        assertThat(read.bond()).isEqualTo(new Mark.Bond(new UUID(5, 6), Progress.SYNCED, new Mark.Point(7, 0), History.none(), 0));
        assertThat(read.since().known().count()).isEqualTo(2);
    }

    @Test void a_mark_of_the_second_version_had_no_place_in_the_stream() throws IOException {
        byte[] now = new Mark(BOND, Role.TARGET, true, new Differing(blocks(3), blocks(2)), Interrupted.none(), queue()).toBytes();
        int seqAt = 1 + 16 + 3 + 8 + 17 + 16 + 8;
        ByteBuffer old = ByteBuffer.allocate(now.length - 8).put(now, 0, seqAt).put(now, seqAt + 8, now.length - seqAt - 8);
        Mark read = Mark.parse(old.put(0, (byte) 2).array());
        assertThat(read.bond().point()).isEqualTo(new Mark.Point(7, 0));
        assertThat(read.since().known().count()).isEqualTo(1);
        assertThat(read.queue().first().orElseThrow().name()).isEqualTo(new UUID(7, 8));
    }

    @Test void a_target_forgets_its_place_in_a_stream_with_the_next_epoch_and_never_goes_back_in_one() {
        assertThat(BOND.reached(69).point().seq()).isEqualTo(70);
        assertThat(BOND.reached(71).point().seq()).isEqualTo(71);
        assertThat(BOND.progress(Progress.SYNCED, 7).point().seq()).isEqualTo(70);
        assertThat(BOND.progress(Progress.SYNCED, 8).point()).isEqualTo(new Mark.Point(8, 0));
    }

    @Test void a_volume_without_a_mark_shares_nothing() throws IOException {
        assertThat(Mark.parse(new byte[0]).bond().progress()).isEqualTo(Progress.NONE);
    }

    @Test void a_mark_of_a_later_version_is_refused_in_words() {
        byte[] bytes = Mark.empty().toBytes();
        bytes[0] = 4;
        assertThatThrownBy(() -> Mark.parse(bytes)).isInstanceOf(IOException.class).hasMessageContaining("version 4");
    }

    @Test void after_a_crash_everything_is_in_doubt_and_only_a_first_sync_under_way_is_forgotten() {
        for (Progress progress : Progress.values()) {
            Interrupted interrupted = new Interrupted(9, 8, new Differing(blocks(4), blocks(5)), blocks(6));
            Mark mark = new Mark(BOND.progress(progress, 7), Role.SOURCE, false, new Differing(blocks(3), blocks(2)), interrupted, queue()).afterCrash(blocks(10, 3));
            assertThat(mark.bond().progress()).isEqualTo(progress == Progress.PARTIAL ? Progress.NONE : progress);
            assertThat(mark.since().known().isEmpty()).isTrue();
            assertThat(mark.since().doubt().count()).isEqualTo(6);
            assertThat(mark.queue().isEmpty()).isTrue();
            assertThat(mark.interrupted().isNone()).isTrue();
        }
    }
}
