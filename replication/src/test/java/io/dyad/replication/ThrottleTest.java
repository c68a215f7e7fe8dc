package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Mode;
import io.dyad.replication.PairEndpoint.Flow;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** When a write without room in the ring is to wait a little: while a Sync source streams what it is behind with, and never else. */
class ThrottleTest {
    private final TwoEnds ends = new TwoEnds();
    private final TwoEnds.End a = ends.a;

    /** The source is about to stream a backlog that fills its share of the ring; nothing of it is answered yet. */
    private void behind(Mode mode) throws IOException {
        ends.direct(a);
        a.write(0, 16);
        ends.settle();
        ends.part();
        ends.run(2);
        a.mode = ends.b.mode = mode;
        ends.direct(a);
        a.write(0, 512);
        ends.dialAgain();
        while (a.flow() != Flow.TRANSFER) ends.run(1);
        assertThat(a.volume.host().hasRoom(1 << 20)).as("the first epoch goes on while hosts write").isTrue();
        for (int at = 0; at < 112; at += 16) a.write(1000 + at, 16);
        while (a.flow() == Flow.TRANSFER) ends.run(1);
        ends.run(3);                                             // a few of them are on their way
        assertThat(a.flow()).isEqualTo(Flow.CATCHING_UP);
        assertThat(a.volume.source().recording()).isTrue();
    }

    @Test void a_sync_source_that_catches_up_has_room_for_what_the_ring_takes_and_no_more() throws IOException {
        behind(Mode.SYNC);
        assertThat(a.volume.host().hasRoom(BLOCK_BYTES)).isTrue();
        assertThat(a.volume.host().hasRoom(32 * BLOCK_BYTES)).isFalse();
        assertThat(a.volume.host().hasRoom(1 << 30)).as("longer than a piece").isFalse();
    }

    @Test void once_it_is_in_synchrony_no_write_waits_for_room() throws IOException {
        behind(Mode.SYNC);
        ends.settle();
        assertThat(a.volume.synchrony().state()).isEqualTo(Synchrony.State.TOGETHER);
        assertThat(a.volume.host().hasRoom(1 << 30)).isTrue();
    }

    @Test void an_async_source_never_makes_a_host_wait() throws IOException {
        behind(Mode.ASYNC);
        assertThat(a.volume.host().hasRoom(1 << 30)).isTrue();
    }

    @Test void without_a_session_no_write_waits_for_room() throws IOException {
        behind(Mode.SYNC);
        ends.part();
        ends.run(2);
        assertThat(a.flow()).isEqualTo(Flow.APART);
        assertThat(a.volume.host().hasRoom(1 << 30)).isTrue();
    }
}
