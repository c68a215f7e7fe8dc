package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriteRingTest {
    private static final int BLOCK = Blocks.BLOCK_BYTES;
    private final RingBudget budget = new RingBudget(4 * 8 * BLOCK);
    private final WriteRing ring = new WriteRing(budget);

    private static ByteBuffer bytes(long seq, int blocks) {
        ByteBuffer bytes = ByteBuffer.allocate(blocks * BLOCK);
        while (bytes.hasRemaining()) bytes.putLong(seq);
        return bytes.flip();
    }

    @Test void what_is_held_reads_back_as_written_however_often_the_ring_comes_round() {
        Random dice = new Random(1);
        ArrayDeque<Long> held = new ArrayDeque<>();
        ring.restart(0);
        for (long seq = 1; seq < 2000; seq++) {
            int blocks = 1 + dice.nextInt(4);
            ring.append(seq, seq * BLOCK, bytes(seq, blocks));
            if (!ring.recording()) {
                ring.restart(seq);
                held.clear();
                continue;
            }
            held.add(seq);
            long first = held.element();
            for (long at = dice.nextBoolean() ? first : first + dice.nextInt(held.size()); at <= seq; at = shown(at) + 1);
            while (!held.isEmpty() && dice.nextInt(3) > 0) ring.forgetUpTo(held.remove());
        }
    }

    /** Looks at the run from {@code seq} on and returns its last number. */
    private long shown(long seq) {
        WriteRing.Run run = ring.from(seq, Long.MAX_VALUE);
        long[] due = {seq, 0};
        Writes.each(run.writes(), (number, offset, length, data) -> {
            assertThat(number).isEqualTo(due[0]++);
            assertThat(offset).isEqualTo(number * BLOCK);
            assertThat(Objects.requireNonNull(data).getLong(0)).isEqualTo(number);
            due[1] += length;
        });
        assertThat(run.lastSeq()).isEqualTo(due[0] - 1);
        assertThat(run.dataBytes()).isEqualTo(due[1]);
        return run.lastSeq();
    }

    @Test void a_run_ends_where_it_is_told_and_the_next_goes_on_there() {
        ring.restart(0);
        for (long seq = 1; seq <= 5; seq++) ring.append(seq, seq * BLOCK, bytes(seq, 1));
        assertThat(ring.from(2, 3).lastSeq()).isEqualTo(3);
        assertThat(ring.from(4, Long.MAX_VALUE).lastSeq()).isEqualTo(5);
        assertThat(ring.from(6, Long.MAX_VALUE).isEmpty()).isTrue();
        assertThat(ring.from(4, 3).isEmpty()).isTrue();
    }

    @Test void a_write_without_room_is_not_taken_and_ends_the_recording() {
        ring.restart(0);
        for (long seq = 1; seq <= 2; seq++) ring.append(seq, seq * BLOCK, bytes(seq, 6));
        assertThat(ring.recording()).isTrue();
        assertThat(ring.hasRoom(3 * BLOCK)).isFalse();
        ring.append(3, 0, bytes(3, 6));
        assertThat(ring.recording()).isFalse();
        assertThat(shown(1)).isEqualTo(1);
        assertThat(ring.from(3, Long.MAX_VALUE).isEmpty()).isTrue();
    }

    @Test void a_ring_whose_writes_have_arrived_holds_no_memory() {
        ring.restart(0);
        for (long seq = 1; seq <= 13; seq++) ring.append(seq, 0, bytes(seq, 1));
        assertThat(budget.lentBytes()).isEqualTo(2 * 8 * BLOCK);
        assertThat(ring.heldBytes()).isEqualTo(13 * BLOCK);
        ring.forgetUpTo(9);
        assertThat(budget.lentBytes()).isEqualTo(8 * BLOCK);
        ring.forgetUpTo(13);
        assertThat(budget.lentBytes()).isZero();
        assertThat(ring.heldBytes()).isZero();
    }

    @Test void zeroes_take_a_little_of_the_budget_so_that_their_number_is_bounded() {
        ring.restart(0);
        for (long seq = 1; ring.recording(); seq++) ring.appendZeroes(seq, 0, BLOCK);
        int most = 2 * (8 * BLOCK / Writes.HEADER_BYTES + 8);
        assertThat(ring.from(most, most).isEmpty()).isFalse();
        assertThat(ring.from(most + 1, most + 1).isEmpty()).isTrue();
    }

    @Test void what_is_held_is_shown_in_order_zeroes_too() {
        ring.restart(10);
        ring.append(11, 0, bytes(11, 1));
        ring.appendZeroes(12, 5 * BLOCK, 2 * BLOCK);
        ring.append(13, 0, bytes(13, 1));
        ring.forgetUpTo(11);
        List<Long> shown = new ArrayList<>();
        ring.each((number, offset, length, data) -> shown.add(number));
        assertThat(shown).containsExactly(12L, 13L);
        ring.stop();
        assertThat(ring.isEmpty()).isTrue();
        assertThat(ring.recording()).isFalse();
    }
}
