package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How long a change of direction waits for what was acknowledged before it, and what is said when that was in vain. */
class DrainTest {
    private static final long SECOND = 1_000_000_000L;
    private final TwoEnds ends = new TwoEnds();
    private final TwoEnds.End a = ends.a;
    private final TwoEnds.End b = ends.b;

    /** End b is to be the source while ten blocks are on their way to it, and nothing comes over the link any more. */
    private void turned() throws IOException {
        ends.mirrored();
        a.write(100, 10);
        ends.work(a, 10);
        ends.pass(StreamShipper.GATHER_NS);
        ends.work(a, 10);
        a.milestones.clear();
        b.milestones.clear();
        ends.direct(b);
        ends.work(a, 10);
        ends.work(b, 10);
    }

    @Test void the_source_gives_up_after_half_a_minute_and_says_what_did_not_reach_the_target() throws IOException {
        turned();
        assertThat(ends.dueInNs(a)).isEqualTo(30 * SECOND);
        ends.pass(30 * SECOND - 1);
        ends.work(a, 1);
        assertThat(a.endpoint().status().draining()).isTrue();
        assertThat(a.milestones).isEmpty();
        ends.pass(1);
        ends.work(a, 1);
        assertThat(a.endpoint().status().draining()).isFalse();
        assertThat(a.milestones).containsExactly("DIVERGED 10 blocks did not reach the target");
    }

    @Test void the_target_gives_up_as_late() throws IOException {
        turned();
        ends.pass(30 * SECOND - 1);
        ends.work(b, 1);
        assertThat(b.milestones).isEmpty();
        ends.pass(1);
        ends.work(b, 1);
        assertThat(b.milestones).containsExactly("DIVERGED the source did not drain in time");
    }

    @Test void the_same_wish_again_gives_no_more_time() throws IOException {
        turned();
        ends.pass(20 * SECOND);
        ends.direct(b);
        ends.pass(10 * SECOND);
        ends.work(a, 1);
        assertThat(a.milestones).hasSize(1);
    }

    @Test void what_reaches_the_target_in_time_is_no_divergence() throws IOException {
        turned();
        ends.settle();
        assertThat(a.milestones).contains("FENCE_DRAINED");
        assertThat(ends.differing()).isZero();
        assertThat(b.resyncs.getLast().reason()).as("the target has heard why the session ended").isEqualTo("switch");
    }

    @Test void a_target_that_is_to_take_over_has_its_source_drain_though_nobody_has_told_that_yet() throws IOException {
        ends.mirrored();
        a.write(100, 10);
        a.milestones.clear();
        a.access = Access.REPLICATION_TARGET;
        b.access = Access.READ_WRITE;
        b.wish();
        ends.settle();
        assertThat(a.milestones).contains("FENCE_DRAINED");
        assertThat(ends.differing()).isZero();
    }
}
