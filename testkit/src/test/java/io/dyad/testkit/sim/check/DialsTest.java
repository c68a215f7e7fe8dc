package io.dyad.testkit.sim.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How often an end may dial. */
class DialsTest {
    private static final long MS = 1_000_000L;
    private static final UUID PAIR = new UUID(1, 1);
    private static final UUID ANOTHER = new UUID(1, 2);
    private final Dials dials = new Dials();

    /** What is said of the last of so many attempts, one a millisecond. */
    private @Nullable String attempts(UUID pair, int count, boolean reach) {
        String last = null;
        for (int ms = 0; ms < count; ms++) {
            last = dials.wrong(pair, ms * MS);
            if (reach) dials.reached(pair);
        }
        return last;
    }

    @Test void ten_times_in_vain_within_a_second_and_no_more() {
        assertThat(attempts(PAIR, 10, false)).isNull();
        assertThat(dials.wrong(PAIR, 999 * MS)).contains("the last 11 in vain");
        assertThat(dials.wrong(PAIR, 2000 * MS)).as("a second later").isNull();
    }

    @Test void twelve_times_though_each_came_to_a_session() {
        assertThat(attempts(PAIR, 12, true)).isNull();
        assertThat(dials.wrong(PAIR, 999 * MS)).contains("13 attempts");
    }

    @Test void a_pair_that_is_made_anew_is_counted_by_itself() {
        attempts(PAIR, 12, true);
        assertThat(attempts(ANOTHER, 10, false)).isNull();
        assertThat(dials.wrong(PAIR, 999 * MS)).as("its own attempts are not forgotten").isNotNull();
    }
}
