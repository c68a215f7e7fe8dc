package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateTest {
    private static final long MILLISECOND = 1_000_000L;

    private static long sent(Rate rate, long frameBytes, long seconds) {
        long sent = 0;
        for (long now = MILLISECOND; now <= seconds * 1000 * MILLISECOND; now += MILLISECOND) {
            for (; rate.allows(now); sent += frameBytes) rate.spend(frameBytes);
        }
        return sent;
    }

    @Test void over_some_seconds_it_lets_through_what_it_says_however_long_the_frames_are() {
        assertThat(sent(new Rate(1_000_000), 4136, 10)).isBetween(9_900_000L, 10_200_000L);
        assertThat(sent(new Rate(1_000_000), 1 << 20, 10)).isBetween(9_000_000L, 11_600_000L);
    }

    @Test void a_quiet_time_is_not_saved_up() {
        Rate rate = new Rate(1_000_000);
        assertThat(rate.allows(MILLISECOND)).isTrue();
        long burst = 0;
        for (long now = 60_000 * MILLISECOND; rate.allows(now); burst += 1000) rate.spend(1000);
        assertThat(burst).isEqualTo(100_000);
    }

    @Test void it_says_when_more_may_go() {
        Rate rate = new Rate(1_000_000);
        assertThat(rate.allows(MILLISECOND)).isTrue();
        rate.spend(600_000);
        long due = rate.dueNs(MILLISECOND);
        assertThat(rate.allows(due - 5 * MILLISECOND)).isFalse();
        assertThat(rate.allows(due)).isTrue();
    }
}
