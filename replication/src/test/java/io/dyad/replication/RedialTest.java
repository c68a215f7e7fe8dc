package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumeId;
import io.dyad.replication.PairEndpoint.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When an end dials again that could not reach the other. */
class RedialTest {
    private static final long MS = 1_000_000L;
    private final TwoEnds ends = new TwoEnds();
    private final PairEndpoint endpoint = endpoint();

    private PairEndpoint endpoint() {
        try {
            ReplicatedVolume volume = ReplicatedVolume.open(new VolumeId(9), new MemoryVolume(TwoEnds.SIZE_BYTES), new Shared(new RingBudget(1 << 20)));
            PairEndpoint made = new PairEndpoint(volume, new UUID(9, 9), Access.READ_WRITE, ends.a, () -> new UUID(9, 1));
            made.wish(wish(false), 0);
            return made;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Wish wish(boolean hold) { return new Wish(Access.READ_WRITE, Role.SOURCE, hold, "pause", Mode.ASYNC, Terms.DEFAULT, SnapshotPlan.NONE); }

    /** The milliseconds it waits after each of so many failures. */
    private List<Long> waits(int failures) {
        List<Long> waits = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < failures; i++) {
            endpoint.unreachable(now);
            long ms = 0;
            while (!endpoint.wantsPipe(now + ms * MS)) ms++;
            waits.add(ms);
            now += ms * MS;
        }
        return waits;
    }

    @Test void soon_at_first_and_then_less_and_less_often() {
        assertThat(waits(8)).containsExactly(5L, 20L, 80L, 200L, 200L, 200L, 200L, 200L);
    }

    @Test void soon_again_once_data_may_flow_again() throws IOException {
        waits(8);
        endpoint.wish(wish(false), 0);
        assertThat(waits(1)).as("nothing is wanted anew").containsExactly(200L);
        endpoint.wish(wish(true), 0);
        endpoint.wish(wish(false), 0);
        assertThat(waits(1)).containsExactly(5L);
    }

    @Test void at_once_when_what_it_was_turned_down_for_is_over() throws IOException {
        FramePipe pipe = new FramePipe() {
            @Override public void send(Frame frame) { }

            @Override public void close() { }
        };
        endpoint.opened(pipe, 0);
        endpoint.frame(pipe, Detach.frame("pause"), 0);
        assertThat(endpoint.wantsPipe(999 * MS)).as("the other end wants none for now").isFalse();
        endpoint.wish(wish(true), 10 * MS);
        endpoint.wish(wish(false), 20 * MS);
        assertThat(endpoint.wantsPipe(20 * MS)).isTrue();
    }
}
