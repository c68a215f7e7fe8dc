package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.PairEndpoint.Flow;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What an end does before it has become what it is to be. */
class RoleTest {
    private final TwoEnds ends = new TwoEnds();

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
