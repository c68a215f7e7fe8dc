package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WritesTest {
    private static final long SIZE = 100L * BLOCK_BYTES;
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 20);

    private void put(long seq, long block, int blocks) { Writes.put(bytes, seq, block * BLOCK_BYTES, ByteBuffer.allocate(blocks * BLOCK_BYTES).putLong(0, seq)); }

    private ByteBuffer whole() { return bytes.duplicate().flip(); }

    private void isRefused(ByteBuffer writes, long last, String why) {
        assertThatThrownBy(() -> Writes.require(writes, last, SIZE)).isInstanceOf(BadFrameException.class).hasMessageContaining(why);
    }

    @Test void writes_and_zeroes_come_back_in_order_as_they_were_put() {
        put(7, 3, 2);
        Writes.putZeroes(bytes, 8, 0, SIZE);
        put(9, 99, 1);
        assertThatCode(() -> Writes.require(whole(), 9, SIZE)).doesNotThrowAnyException();
        List<String> found = new ArrayList<>();
        Writes.each(whole(), (seq, offset, length, data) -> found.add(seq + " " + offset / BLOCK_BYTES + " " + length / BLOCK_BYTES + " " + (data == null ? "zeroes" : data.getLong(0))));
        assertThat(found).containsExactly("7 3 2 7", "8 0 100 zeroes", "9 99 1 9");
    }

    @Test void what_reaches_beyond_the_volume_is_refused() {
        put(1, 99, 2);
        isRefused(whole(), 1, "in a volume of");
    }

    @Test void a_length_that_overflows_is_refused() {
        Writes.putZeroes(bytes, 1, BLOCK_BYTES, Long.MAX_VALUE - BLOCK_BYTES + 1);
        isRefused(whole(), 1, "in a volume of");
    }

    @Test void half_blocks_are_refused() {
        Writes.putZeroes(bytes, 1, 512, BLOCK_BYTES);
        isRefused(whole(), 1, "in a volume of");
    }

    @Test void a_write_that_is_cut_short_is_refused() {
        put(1, 0, 1);
        isRefused(whole().limit(BLOCK_BYTES), 1, "cut short");
        isRefused(whole().limit(Writes.HEADER_BYTES - 1), 1, "cut short");
    }

    @Test void numbers_that_do_not_grow_or_do_not_end_as_told_are_refused() {
        put(2, 0, 1);
        isRefused(whole(), 3, "are to end with 3");
        put(2, 0, 1);
        isRefused(whole(), 2, "behind 2");
    }

    @Test void no_writes_at_all_are_refused() { isRefused(ByteBuffer.allocate(0), 1, "are to end with 1"); }
}
