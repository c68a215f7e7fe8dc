package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RingBudgetTest {
    private final RingBudget budget = new RingBudget(16 * (256L << 10));

    private ArrayDeque<ByteBuffer> all() {
        ArrayDeque<ByteBuffer> held = new ArrayDeque<>();
        for (Optional<ByteBuffer> more = budget.take(0); more.isPresent(); more = budget.take(held.size())) held.add(more.get());
        return held;
    }

    @Test void a_ring_alone_leaves_room_for_a_newcomer_and_each_more_takes_less() {
        assertThat(all()).hasSize(8);
        assertThat(all()).hasSize(5);
        assertThat(budget.lentBytes()).isEqualTo(13 * (256L << 10));
    }

    @Test void what_comes_back_is_lent_again_and_the_share_grows_with_it() {
        ArrayDeque<ByteBuffer> first = all();
        ArrayDeque<ByteBuffer> second = all();
        assertThat(budget.spares(second.size())).isFalse();
        while (!first.isEmpty()) budget.giveBack(first.remove(), first.size());
        assertThat(budget.spares(second.size())).isTrue();
        assertThat(budget.take(second.size())).isPresent();
    }

    @Test void everyone_finds_one_chunk_until_all_are_lent() {
        List<ByteBuffer> singles = new ArrayList<>();
        for (int i = 0; i < 16; i++) singles.add(budget.take(0).orElseThrow());
        assertThat(budget.take(0)).isEmpty();
        budget.giveBack(singles.remove(0), 0);
        assertThat(budget.take(0)).isPresent();
    }
}
