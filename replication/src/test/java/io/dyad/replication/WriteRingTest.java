package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriteRingTest {
    private static final int BLOCK = Blocks.BLOCK_BYTES;
    private final WriteRing ring = new WriteRing(8 * BLOCK);

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
            for (long each : held) assertThat(Objects.requireNonNull(Objects.requireNonNull(ring.at(each)).data()).getLong(0)).isEqualTo(each);
            while (!held.isEmpty() && dice.nextInt(3) > 0) ring.forgetUpTo(held.remove());
        }
    }

    @Test void a_write_without_room_is_not_taken_and_ends_the_recording() {
        ring.restart(0);
        ring.append(1, 0, bytes(1, 6));
        ring.append(2, 0, bytes(2, 6));
        assertThat(ring.recording()).isFalse();
        assertThat(ring.at(1)).isNotNull();
        assertThat(ring.at(2)).isNull();
    }

    @Test void what_is_drained_is_marked_dirty_zeroes_too() {
        ring.restart(10);
        ring.append(11, 0, bytes(11, 1));
        ring.appendZeroes(12, 5 * BLOCK, 2 * BLOCK);
        ring.forgetUpTo(11);
        DirtyMap dirty = new DirtyMap();
        ring.drainTo(dirty);
        assertThat(dirty.next(0, Long.MAX_VALUE)).isEqualTo(new Blocks.Extent(5 * BLOCK, 2 * BLOCK, true));
        assertThat(ring.isEmpty()).isTrue();
        assertThat(ring.recording()).isFalse();
    }
}
