package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.Hello.Base;
import io.dyad.replication.Mark.Progress;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HelloTest {
    private static final UUID OURS = new UUID(1, 2);
    private static final UUID ANOTHER = new UUID(3, 4);

    @Test void two_ends_start_from_what_both_know_and_from_nothing_else() {
        for (Progress source : Progress.values())
            for (Progress target : Progress.values())
                for (boolean exact : new boolean[] {true, false}) {
                    Base expected = source == Progress.SYNCED && target == Progress.SYNCED ? Base.COMMON_POINT
                        : source == Progress.PARTIAL && target == Progress.PARTIAL && exact ? Base.FIRST_SYNC_CONTINUED : Base.FIRST_SYNC;
                    assertThat(Hello.base(new Hello(OURS, source, exact, 1), new Hello(OURS, target, true, 1)))
                        .as("source %s %s, target %s", source, exact ? "exact" : "in doubt", target).isEqualTo(expected);
                }
    }

    @Test void ends_of_different_pairs_share_nothing() {
        assertThat(Hello.base(new Hello(OURS, Progress.SYNCED, true, 1), new Hello(ANOTHER, Progress.SYNCED, true, 1))).isEqualTo(Base.FIRST_SYNC);
    }

    @Test void a_greeting_reads_back_and_a_short_one_is_refused() throws BadFrameException {
        Hello hello = new Hello(OURS, Progress.PARTIAL, true, 42);
        assertThat(Hello.parse(hello.toBytes())).isEqualTo(hello);
        assertThatThrownBy(() -> Hello.parse(ByteBuffer.allocate(25))).isInstanceOf(BadFrameException.class).hasMessageContaining("25 bytes");
    }
}
