package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.Mode;
import io.dyad.replication.PairEndpoint.Flow;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an end does before it has become what it is to be, and what it says of that. */
class RoleTest {
    private static final UUID FIRST = new UUID(50, 1);
    private static final UUID SECOND = new UUID(50, 2);
    private final TwoEnds ends = new TwoEnds();

    @Test void where_only_snapshots_ship_a_switch_has_drained_only_when_nothing_was_written_after_the_last() throws IOException {
        for (int later : new int[] {0, 3}) {
            TwoEnds both = new TwoEnds();
            both.a.mode = Mode.SNAPSHOTS_ONLY;
            both.direct(both.a);
            for (UUID each : List.of(FIRST, SECOND)) {
                both.a.write(0, 10);
                both.a.volume.cuts().take(each, true);
                both.a.ship = List.of(each);
                both.a.wish();
                both.settle();
            }
            assertThat(both.b.arrived).containsExactly(FIRST, SECOND);
            if (later > 0) both.a.write(20, later);
            both.a.milestones.clear();
            both.direct(both.b);
            both.settle();
            String said = later == 0 ? "FENCE_DRAINED" : "DIVERGED 3 blocks may not have reached the target: they are in no replicated snapshot";
            assertThat(both.a.milestones).contains(said).filteredOn(m -> m.startsWith("FENCE") || m.startsWith("DIVERGED")).hasSize(1);
        }
    }

    @Test void a_volume_whose_disk_does_not_let_it_become_the_source_ships_nothing() throws IOException {
        ends.direct(ends.a);
        ends.a.write(0, 10);
        ends.settle();
        ends.part();
        ends.a.write(5, 10);
        ends.run(1);
        ends.b.disk.marksFail = true;
        assertThatThrownBy(() -> ends.direct(ends.b)).isInstanceOf(IOException.class);
        ends.settle();
        assertThat(ends.b.flow()).isEqualTo(Flow.APART);
        assertThat(ends.differing()).isEqualTo(10);
        ends.b.disk.marksFail = false;
        ends.settle();
        assertThat(ends.b.flow()).isEqualTo(Flow.ACTIVE);
        assertThat(ends.differing()).isZero();
    }
}
