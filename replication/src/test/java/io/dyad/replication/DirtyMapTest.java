package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DirtyMapTest {
    private final DirtyMap map = new DirtyMap();

    @Test void a_range_marks_every_block_that_it_touches() {
        map.mark(BLOCK_BYTES - 1, 2);
        assertThat(map.next(0, Long.MAX_VALUE)).isEqualTo(new Blocks.Extent(0, 2 * BLOCK_BYTES, true));
    }

    @Test void runs_are_found_in_order_and_cut_at_the_most_that_is_asked_for() {
        map.mark(10 * BLOCK_BYTES, 5 * BLOCK_BYTES);
        assertThat(map.next(0, 2 * BLOCK_BYTES)).isEqualTo(new Blocks.Extent(10 * BLOCK_BYTES, 2 * BLOCK_BYTES, true));
        assertThat(map.next(12 * BLOCK_BYTES, Long.MAX_VALUE)).isEqualTo(new Blocks.Extent(12 * BLOCK_BYTES, 3 * BLOCK_BYTES, true));
        assertThat(map.next(15 * BLOCK_BYTES, Long.MAX_VALUE).lengthBytes()).isZero();
    }

    @Test void a_cleared_block_leaves_its_neighbours() {
        map.mark(0, 3 * BLOCK_BYTES);
        map.clear(BLOCK_BYTES, BLOCK_BYTES);
        assertThat(map.contains(0)).isTrue();
        assertThat(map.contains(BLOCK_BYTES)).isFalse();
        assertThat(map.contains(2 * BLOCK_BYTES)).isTrue();
    }

    @Test void regions_go_there_and_back_and_end_with_the_volume() {
        map.mark(Memo.REGION_BYTES - 1, 2);
        assertThat(map.regions().stream()).containsExactly(0, 1);
        DirtyMap back = DirtyMap.ofRegions(map.regions(), Memo.REGION_BYTES + BLOCK_BYTES);
        assertThat(back.count()).isEqualTo(Memo.REGION_BYTES / BLOCK_BYTES + 1);
    }
}
