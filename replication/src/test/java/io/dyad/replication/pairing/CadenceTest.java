package io.dyad.replication.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CadenceTest {
    private static final long SECOND = 1_000_000_000L;
    private final Cadence cadence = new Cadence(100_000_000L, 6);

    /** How many begin in so many seconds from {@code nowNs} on, when one always waits its time and no longer. */
    private int begins(long nowNs, long seconds) {
        int count = 0;
        for (long at = nowNs + cadence.waitNs(nowNs); at < nowNs + seconds * SECOND; at += cadence.waitNs(at)) {
            cadence.began(at);
            count++;
        }
        return count;
    }

    @Test void a_few_begin_at_once() {
        for (int i = 0; i < 6; i++) {
            assertThat(cadence.waitNs(SECOND)).isZero();
            cadence.began(SECOND);
        }
        assertThat(cadence.waitNs(SECOND)).isEqualTo(100_000_000L);
    }

    @Test void in_the_long_run_ten_a_second() { assertThat(begins(SECOND, 100)).isEqualTo(1005); }

    @Test void a_long_rest_saves_up_no_more_than_a_short_one() {
        begins(SECOND, 10);
        assertThat(begins(1000 * SECOND, 1)).isEqualTo(15);
    }
}
