package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SynchronyTest {
    private final List<Boolean> recorded = new ArrayList<>();
    private long seq;
    private boolean diskFails;

    private Synchrony opened(boolean together) {
        return new Synchrony(new VolumeLock(), () -> seq, now -> {
            if (diskFails) throw new IOException("disk");
            recorded.add(now);
        }, together);
    }

    @Test void apart_every_write_is_acknowledged_alone() {
        Synchrony s = opened(false);
        seq = 9;
        assertThat(s.acknowledged(9)).isTrue();
        assertThat(s.demand()).isZero();
    }

    @Test void from_the_join_on_a_write_waits_until_it_is_received_and_a_flush_until_it_is_durable() {
        Synchrony s = opened(false);
        seq = 5;
        assertThat(s.join()).isEqualTo(5);
        seq = 7;
        assertThat(s.acknowledged(5)).isTrue();
        assertThat(s.acknowledged(6)).isFalse();
        s.received(6);
        assertThat(s.acknowledged(6)).isTrue();
        assertThat(s.demand()).isEqualTo(7);
        assertThat(s.durable(6)).isFalse();
        s.madeDurable(7);
        assertThat(s.durable(7) && s.acknowledged(7)).isTrue();
    }

    @Test void it_is_together_only_when_what_was_acknowledged_alone_is_durable_there() {
        Synchrony s = opened(false);
        seq = 5;
        s.join();
        s.received(5);
        assertThat(s.joined()).isFalse();
        s.madeDurable(5);
        assertThat(s.joined()).isTrue();
    }

    @Test void no_write_is_acknowledged_alone_before_that_is_recorded() throws IOException {
        Synchrony s = opened(true);
        seq = 3;
        assertThat(s.acknowledged(1)).isFalse();
        diskFails = true;
        assertThatThrownBy(s::leave).isInstanceOf(IOException.class);
        assertThat(s.acknowledged(1)).isFalse();
        diskFails = false;
        assertThat(s.leave()).isEqualTo(1);
        assertThat(recorded).containsExactly(false);
        assertThat(s.acknowledged(3)).isTrue();
    }

    @Test void refusing_ends_the_wait_of_those_who_wait() {
        Synchrony s = opened(true);
        List<String> woken = new ArrayList<>();
        s.onChange(() -> woken.add("woken"));
        s.refuse(true);
        assertThat(woken).hasSize(1);
        assertThatThrownBy(s::requireAnswering).isInstanceOf(TargetSilentException.class);
    }
}
