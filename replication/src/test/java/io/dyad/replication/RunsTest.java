package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many small runs in one frame. */
class RunsTest {
    private static final long SIZE = 64L << 20;

    private static Blocks.Extent blocks(long first, int count) { return new Blocks.Extent(first * BLOCK_BYTES, (long) count * BLOCK_BYTES, true); }

    private static Frame frame(Blocks.Extent... parts) {
        Runs runs = new Runs(ByteBuffer.allocate(Scratch.BYTES));
        for (Blocks.Extent part : parts) {
            ByteBuffer room = runs.room((int) part.lengthBytes());
            for (long at = part.offsetBytes(); room.hasRemaining(); at += BLOCK_BYTES) room.putLong(at).position(room.position() + BLOCK_BYTES - Long.BYTES);
            runs.add(part.offsetBytes(), (int) part.lengthBytes());
        }
        return runs.frame(7);
    }

    @Test void come_out_as_they_went_in() throws IOException {
        Blocks.Extent[] parts = {blocks(9, 2), blocks(1, 1), blocks(SIZE / BLOCK_BYTES - 3, 3)};
        List<Blocks.Extent> out = new ArrayList<>();
        Runs.each(frame(parts), SIZE, (offset, data) -> {
            out.add(new Blocks.Extent(offset, data.remaining(), true));
            for (long at = offset; data.hasRemaining(); at += BLOCK_BYTES) {
                assertThat(data.getLong()).isEqualTo(at);
                data.position(data.position() + BLOCK_BYTES - Long.BYTES);
            }
        });
        assertThat(out).containsExactly(parts);
    }

    @Test void a_frame_takes_no_more_than_its_table_leaves_room_for() {
        Runs runs = new Runs(ByteBuffer.allocate(Scratch.BYTES));
        for (int i = 0; runs.fits(blocks(2L * i, 1)); i++) runs.add(2L * i * BLOCK_BYTES, BLOCK_BYTES);
        assertThat(runs.parts()).hasSize(63);
        assertThat(runs.frame(7).payload().remaining()).isLessThanOrEqualTo(256 << 10);
    }

    @Test void what_is_large_or_zero_comes_by_itself() {
        assertThat(Runs.small(blocks(0, 15))).isTrue();
        assertThat(Runs.small(blocks(0, 16))).isFalse();
        assertThat(Runs.small(new Blocks.Extent(0, BLOCK_BYTES, false))).isFalse();
    }

    @Test void a_table_that_cannot_be_is_refused_before_the_first_run_is_taken() {
        Frame good = frame(blocks(1, 1), blocks(4, 2));
        int table = 3 * BLOCK_BYTES;
        refused(good.payload(), 0);
        refused(good.payload(), 3);
        refused(good.payload(), 1);
        refused(good.payload(), Integer.MAX_VALUE);
        for (long offset : new long[] {-BLOCK_BYTES, 17, SIZE, Long.MAX_VALUE - BLOCK_BYTES + 1}) refused(with(good, table + 16, offset), 2);
        for (long bytes : new long[] {0, -BLOCK_BYTES, 512, BLOCK_BYTES, 3 * BLOCK_BYTES, Long.MIN_VALUE}) refused(with(good, table + 24, bytes), 2);
    }

    private static ByteBuffer with(Frame good, int at, long word) {
        ByteBuffer other = ByteBuffer.allocate(good.payload().remaining()).put(good.payload().duplicate()).flip();
        return other.putLong(at, word);
    }

    private static void refused(ByteBuffer payload, long runs) {
        List<Long> taken = new ArrayList<>();
        assertThatThrownBy(() -> Runs.each(Frame.of(FrameType.RUNS, 7, runs, payload), SIZE, (offset, data) -> taken.add(offset))).isInstanceOf(BadFrameException.class);
        assertThat(taken).isEmpty();
    }
}
