package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagMeterTest {
    private static final long SECOND = 1_000_000_000L;
    private final LagMeter meter = new LagMeter();

    /** Writes come every 10 ms; the target is {@code behindNs} behind. */
    private void ageIsTrueWithin(long errorNs, long behindNs, long hours) {
        for (long seq = 1; seq * SECOND / 100 < hours * 3600 * SECOND; seq++) {
            long now = seq * SECOND / 100;
            long held = Math.max(0, seq - behindNs * 100 / SECOND);
            meter.sample(seq, held, now);
            if (seq % 9973 == 0 && held > 0) assertThat(meter.read(1, seq, held, now).oldestNs()).isBetween(behindNs - errorNs, behindNs + errorNs);
        }
    }

    @Test void the_age_of_the_oldest_write_is_true_within_a_second() { ageIsTrueWithin(SECOND / 4, 7 * SECOND, 1); }

    @Test void also_when_the_target_is_far_behind() { ageIsTrueWithin(SECOND, 1800 * SECOND, 2); }

    @Test void a_single_write_grows_old_though_nobody_samples_again() {
        meter.sample(1, 0, 5 * SECOND);
        assertThat(meter.read(4096, 1, 0, 65 * SECOND).oldestNs()).isEqualTo(60 * SECOND);
        assertThat(meter.read(0, 1, 1, 65 * SECOND).oldestNs()).isZero();
    }

    @Test void there_is_an_eta_only_while_the_target_gains() {
        long now = SECOND;
        for (int i = 0; i < 20; i++, now += SECOND) {
            meter.shipped(1_000_000);
            meter.wrote(100_000);
            meter.sample(i, 0, now);
        }
        assertThat(meter.read(10_000_000, 20, 0, now).etaNs().orElseThrow()).isBetween(9 * SECOND, 11 * SECOND);
        for (int i = 0; i < 20; i++, now += SECOND) {
            meter.shipped(1_000_000);
            meter.wrote(2_000_000);
            meter.sample(i, 0, now);
        }
        assertThat(meter.read(10_000_000, 20, 0, now).etaNs()).isEmpty();
        assertThat(meter.read(0, 20, 20, now).etaNs().orElseThrow()).isZero();
    }
}
