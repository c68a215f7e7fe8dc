package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.Hello.Base;
import io.dyad.replication.Mark.Progress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HelloTest {
    private static final UUID OURS = new UUID(1, 2);
    private static final UUID ANOTHER = new UUID(3, 4);
    private static final History HISTORY = new History(new UUID(5, 5), List.of(new UUID(6, 6)));

    private static Hello hello(UUID lineage, Progress progress, long epoch, History history, long pending) {
        return new Hello(new Mark.Bond(lineage, progress, new Mark.Point(epoch, 17), history, 0), pending);
    }

    @Test void two_ends_start_from_what_both_know_and_from_nothing_else() {
        for (Progress source : Progress.values())
            for (Progress target : Progress.values()) {
                Base expected = source == Progress.SYNCED && target == Progress.SYNCED ? Base.COMMON_POINT
                    : source == Progress.PARTIAL && target == Progress.PARTIAL ? Base.FIRST_SYNC_CONTINUED : Base.FIRST_SYNC;
                assertThat(Hello.base(hello(OURS, source, 1, HISTORY, 0), hello(OURS, target, 1, HISTORY, 0))).as("source %s, target %s", source, target).isEqualTo(expected);
            }
    }

    @Test void a_first_sync_whose_end_was_not_heard_of_is_complete() {
        Hello source = hello(OURS, Progress.PARTIAL, 0, HISTORY, 3);
        assertThat(Hello.base(source, hello(OURS, Progress.SYNCED, 3, HISTORY, 0))).isEqualTo(Base.COMMON_POINT);
        assertThat(Hello.base(source, hello(OURS, Progress.SYNCED, 2, HISTORY, 0))).isEqualTo(Base.FIRST_SYNC);
    }

    @Test void ends_of_different_pairs_or_without_a_generation_in_common_share_nothing() {
        Hello own = hello(OURS, Progress.SYNCED, 1, HISTORY, 0);
        assertThat(Hello.base(own, hello(ANOTHER, Progress.SYNCED, 1, HISTORY, 0))).isEqualTo(Base.FIRST_SYNC);
        assertThat(Hello.base(own, hello(OURS, Progress.SYNCED, 1, new History(new UUID(7, 7), List.of()), 0))).isEqualTo(Base.FIRST_SYNC);
        assertThat(Hello.base(own, hello(OURS, Progress.SYNCED, 1, new History(new UUID(7, 7), List.of(new UUID(6, 6))), 0))).isEqualTo(Base.COMMON_POINT);
    }

    @Test void a_greeting_reads_back_with_what_a_later_version_adds_and_a_shorter_one_of_an_earlier_version_too_is_refused() throws BadFrameException {
        Hello hello = hello(OURS, Progress.PARTIAL, 42, HISTORY, 43);
        ByteBuffer bytes = hello.toBytes();
        assertThat(Hello.parse(bytes.duplicate())).isEqualTo(hello);
        ByteBuffer more = ByteBuffer.allocate(bytes.remaining() + 8).put(bytes.duplicate()).clear();
        assertThat(Hello.parse(more)).isEqualTo(hello);
        for (int cut = 0; cut < bytes.remaining(); cut++) {
            ByteBuffer part = bytes.slice(0, cut);
            assertThatThrownBy(() -> Hello.parse(part)).as("%d bytes", cut).isInstanceOf(BadFrameException.class)
                .hasMessageContaining("greeting of " + cut + " bytes").hasMessageContaining("wire version " + WireVersion.OLDEST);
        }
    }
}
