package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.replication.PairEndpoint.Flow;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was on its way when a session ended: after a cut behind any frame just the blocks that differ are shipped, and nothing is lost. */
class UnansweredTest {
    private static final UUID SNAPSHOT = new UUID(50, 1);

    private TwoEnds ends = new TwoEnds();
    private TwoEnds.End a = ends.a;
    private TwoEnds.End b = ends.b;

    /** What happens between the cut and the next session. */
    enum Between { NOTHING, TARGET_CRASHES, TARGET_RESTARTS, SOURCE_RESTARTS, BOTH_RESTART }

    private interface Story {
        void tell() throws IOException;
    }

    /** Tells it with the link cut behind each frame that {@code by} sends in it; checks {@code after} each. */
    private void cutBehindEachFrame(boolean bySource, Story story, Story after) throws IOException {
        for (int frames = 0; ; frames++) {
            ends = new TwoEnds();
            a = ends.a;
            b = ends.b;
            ends.direct(a);
            a.write(0, 64);
            inSync();
            a.resyncs.clear();
            TwoEnds.End by = bySource ? a : b;
            by.framesLeft = frames;
            story.tell();
            boolean wasCut = by.framesLeft == 0;
            by.framesLeft = -1;
            ends.part();
            ends.run(2);
            assertThat(a.flow()).isEqualTo(Flow.APART);
            after.tell();
            inSync();
            if (!wasCut) {
                assertThat(frames).as("cuts").isGreaterThan(3);
                return;
            }
        }
    }

    private void inSync() throws IOException {
        ends.settle();
        assertThat(a.flow()).isEqualTo(Flow.ACTIVE);
        assertThat(ends.differing()).isZero();
        assertThat(a.volume.dirtyBlocks()).isZero();
        assertThat(a.failures).isEmpty();
        assertThat(b.failures).isEmpty();
    }

    /** Overlapping writes and zeroes; some of them durable on the target, some received, some neither. */
    private void streamed() throws IOException {
        a.write(2, 3);
        a.write(4, 3);
        ends.run();
        ends.breathe();
        a.write(20, 1);
        a.write(2, 1);
        ends.run();
        a.volume.host().zero(5L * BLOCK_BYTES, 2L * BLOCK_BYTES, false);
        a.write(30, 2);
        ends.breathe();
        a.write(6, 1);
        a.write(31, 1);
        ends.run(3);
    }

    /** Blocks with data that the target holds differently. */
    private long owedBytes() {
        byte[] zero = new byte[BLOCK_BYTES];
        return BLOCK_BYTES * a.disk.blocks().entrySet().stream().filter(e -> !Arrays.equals(e.getValue(), b.disk.blocks().getOrDefault(e.getKey(), zero))).count();
    }

    private void pass(Between between) throws IOException {
        switch (between) {
            case NOTHING         -> { }
            case TARGET_CRASHES  -> b.crash();
            case TARGET_RESTARTS -> b.restart();
            case SOURCE_RESTARTS -> a.restart();
            case BOTH_RESTART    -> {
                b.restart();
                a.restart();
            }
        }
    }

    @ParameterizedTest @EnumSource void what_the_target_holds_durably_is_not_shipped_again(Between between) throws IOException {
        for (boolean bySource : new boolean[] {true, false})
            cutBehindEachFrame(bySource, this::streamed, () -> {
                a.write(4, 1);                            // again, after it was streamed
                a.write(40, 1);
                pass(between);
                long owed = owedBytes();
                ends.direct(a);
                inSync();
                assertThat(a.resyncs).singleElement().satisfies(r -> {
                    assertThat(r.payloadBytes()).isEqualTo(owed);
                    if (between.name().startsWith("TARGET") || between == Between.NOTHING) assertThat(r.digestBytes()).isZero();
                    else assertThat(r.digestBytes()).as("of what was on its way").isLessThanOrEqualTo(16 * 10);
                });
            });
    }

    @Test void a_ring_that_overflows_in_a_stream_ships_nothing_twice() throws IOException {
        for (boolean bySource : new boolean[] {true, false}) {
            long[] before = {0};
            cutBehindEachFrame(bySource, () -> {
                before[0] = a.volume.lag(0).payloadBytes();
                a.write(200, 4);
                ends.run();
                for (int at = 0; at < 600; at += 50) a.write(300 + at, 50);
                ends.breathe();
                if (b.framesLeft != 0 && a.framesLeft != 0) assertThat(a.volume.lag(0).payloadBytes() - before[0]).isEqualTo(604L * BLOCK_BYTES);
            }, () -> {
                long owed = owedBytes();
                before[0] = a.volume.lag(0).payloadBytes();
                inSync();
                assertThat(a.volume.lag(0).payloadBytes() - before[0]).isLessThanOrEqualTo(owed);
            });
        }
    }

    @Test void a_cut_of_the_cut_still_ships_what_is_lacking_and_no_more() throws IOException {
        for (int second = 0; second < 12; second++) {
            int frames = second;
            cutBehindEachFrame(false, this::streamed, () -> {
                b.framesLeft = frames;
                ends.settle();
                b.framesLeft = -1;
                ends.part();
                ends.run(2);
                inSync();
                assertThat(a.resyncs).allSatisfy(r -> assertThat(r.digestBytes()).isZero());
            });
        }
    }

    @Test void the_loser_of_a_failover_ships_only_what_differs() throws IOException {
        cutBehindEachFrame(false, this::streamed, () -> {
            long differing = ends.differing();
            b.access = Access.READ_WRITE;
            b.wish();
            b.write(50, 1);
            ends.direct(b);
            ends.settle();
            assertThat(ends.differing()).isZero();
            assertThat(b.resyncs.getLast().payloadBytes()).isLessThanOrEqualTo((differing + 1) * BLOCK_BYTES);
            b.resyncs.clear();
            ends.direct(a);
        });
    }

    @ParameterizedTest @EnumSource(names = {"NOTHING", "SOURCE_RESTARTS"}) void a_snapshot_that_the_target_has_gone_beyond_and_lost_is_the_same_to_the_bit(Between between) throws IOException {
        cutBehindEachFrame(false, () -> {
            a.ship = List.of(SNAPSHOT);
            a.wish();
            a.write(7, 2);
            a.volume.cuts().take(SNAPSHOT, true);
            a.write(8, 2);
            ends.run();
            ends.breathe();
            a.write(8, 1);
            ends.breathe();
        }, () -> {
            b.volume.cuts().delete(SNAPSHOT);
            pass(between);
            ends.direct(a);
            inSync();
            if (a.shipped.isEmpty()) assertThat(b.volume.cuts().names()).containsExactly(SNAPSHOT);
            if (b.volume.cuts().names().contains(SNAPSHOT)) for (int block = 0; block < 64; block++) assertThat(b.disk.block(SNAPSHOT, block)).isEqualTo(a.disk.block(SNAPSHOT, block));
        });
    }
}
