package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Mode;
import io.dyad.replication.PairEndpoint.Flow;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How writes leave for a target that streams. */
class StreamTest {
    private final TwoEnds ends = new TwoEnds();
    private final TwoEnds.End a = ends.a;
    private final TwoEnds.End b = ends.b;

    private void streaming(Mode mode) throws IOException {
        a.mode = mode;
        b.mode = mode;
        ends.direct(a);
        ends.settle();
        assertThat(a.flow()).isEqualTo(Flow.ACTIVE);
    }

    @Test void writes_that_nobody_waits_for_are_gathered_for_a_moment_and_leave_together() throws IOException {
        streaming(Mode.ASYNC);
        long before = ends.framesTo(b);
        for (int i = 0; i < 5; i++) {
            a.write(i, 1);
            ends.run(3);
        }
        assertThat(ends.framesTo(b)).isEqualTo(before);
        ends.run();
        assertThat(ends.framesTo(b)).isEqualTo(before + 1);
        ends.settle();
        assertThat(ends.differing()).isZero();
    }

    @Test void what_fills_a_frame_is_not_held_back() throws IOException {
        streaming(Mode.ASYNC);
        long before = ends.framesTo(b);
        a.write(0, 60);
        ends.run(3);
        assertThat(ends.framesTo(b)).isEqualTo(before + 1);
    }

    @Test void a_write_that_a_host_waits_for_leaves_at_once() throws IOException {
        streaming(Mode.SYNC);
        long before = ends.framesTo(b);
        a.write(0, 1);
        ends.run(1);
        assertThat(ends.framesTo(b)).isEqualTo(before + 1);
    }

    @Test void VP_7_the_first_sync_is_asynchronous_whatever_the_mode() throws IOException {
        a.mode = b.mode = Mode.SYNC;
        ends.direct(a);
        a.write(0, 512);
        while (a.flow() != Flow.TRANSFER) ends.run(1);
        a.write(600, 1);
        assertThat(a.volume.synchrony().acknowledged(a.volume.source().seq())).as("waits for nobody").isTrue();
        ends.settle();
        a.write(601, 1);
        assertThat(a.volume.synchrony().acknowledged(a.volume.source().seq())).as("waits for the target").isFalse();
    }

    @Test void only_a_session_that_streams_and_owes_nothing_may_be_stepped_by_others() throws IOException {
        ends.direct(a);
        assertThat(a.endpoint().steady()).isFalse();
        ends.settle();
        assertThat(a.endpoint().steady()).isTrue();
        assertThat(a.endpoint().owes()).isFalse();
        a.write(0, 1);
        assertThat(a.endpoint().owes()).isTrue();
        ends.part();
        ends.run(1);
        assertThat(a.endpoint().steady()).isFalse();
    }
}
