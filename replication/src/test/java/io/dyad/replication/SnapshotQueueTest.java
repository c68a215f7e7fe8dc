package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the order of waiting snapshots makes of the blocks that differ. */
class SnapshotQueueTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);
    private static final UUID C = new UUID(0, 3);
    private final Differing rest = new Differing();
    private final SnapshotQueue queue = new SnapshotQueue();

    private static DirtyMap block(int number) {
        DirtyMap map = new DirtyMap();
        map.mark((long) number * Blocks.BLOCK_BYTES, Blocks.BLOCK_BYTES);
        return map;
    }

    private static Differing known(int number) { return Differing.ofKnown(block(number)); }

    @Test void what_a_snapshot_of_unknown_age_left_is_in_doubt_in_everything_behind_it() {
        queue.want(List.of(A, B), Set.of(A, B), rest);
        queue.doubtAfterFirst(block(7), rest);
        queue.arrived(A);
        queue.doubtAfterFirst(block(8), rest);
        assertThat(rest.doubt().count()).isEqualTo(2);
    }

    @Test void and_up_to_the_first_snapshot_whose_changes_are_known_which_makes_it_right_again() {
        queue.add(C, 5, known(3));
        queue.want(List.of(A, B, C), Set.of(A, B, C), rest);
        queue.doubtAfterFirst(block(7), rest);
        queue.arrived(A);
        queue.arrived(B);
        assertThat(queue.firstOr(rest).doubt().meets(7L * Blocks.BLOCK_BYTES, Blocks.BLOCK_BYTES)).isTrue();
        assertThat(rest.isEmpty()).isTrue();
    }

    @Test void what_is_known_to_differ_is_not_shipped_again_behind_a_snapshot_that_may_have_brought_it() {
        rest.add(known(7));
        queue.want(List.of(A), Set.of(A), rest);
        queue.doubtAfterFirst(block(7), rest);
        assertThat(rest.known().isEmpty()).isTrue();
        assertThat(rest.doubt().count()).isEqualTo(1);
    }

    @Test void a_snapshot_that_holds_what_no_write_in_the_stream_brings_is_no_marker_in_it() {
        queue.add(A, 5, known(3));
        queue.add(B, 6, new Differing());
        assertThat(queue.due(5, 0)).isEmpty();
        assertThat(queue.due(6, 1)).contains(B);
    }

    @Test void what_stands_before_one_that_has_arrived_is_compared_for_the_target_has_gone_on_since() {
        queue.add(A, 5, known(3));
        queue.add(B, 6, known(4));
        queue.add(C, 7, known(5));
        queue.arrived(B);
        assertThat(queue.first().orElseThrow().tracked()).isFalse();
        queue.arrived(A);
        assertThat(queue.first().orElseThrow().tracked()).isTrue();
    }

    @Test void what_has_changed_up_to_one_that_is_gone_counts_with_the_next() {
        queue.add(A, 5, known(3));
        queue.add(B, 6, known(4));
        queue.keep(Set.of(B), rest);
        assertThat(queue.first().orElseThrow().changed().count()).isEqualTo(2);
        queue.keep(Set.of(), rest);
        assertThat(rest.known().count()).isEqualTo(2);
    }

    @Test void where_nothing_is_shared_the_first_whose_changes_were_tracked_is_compared_too_behind_others_of_unknown_age() {
        queue.add(B, 5, known(3));
        queue.add(C, 6, known(4));
        queue.want(List.of(A, B, C), Set.of(A, B, C), rest);
        queue.distrustFirst();
        queue.arrived(A);
        assertThat(queue.first().orElseThrow().tracked()).isFalse();
        queue.arrived(B);
        assertThat(queue.first().orElseThrow().tracked()).isTrue();
    }
}
