package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Mode;
import io.dyad.replication.PairEndpoint.Flow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Both ends are compared while they run, and what is broken on one is made whole from the other. */
class VerifyTest {
    private final TwoEnds ends = new TwoEnds();
    private final TwoEnds.End a = ends.a;
    private final TwoEnds.End b = ends.b;

    private void mirrored() throws IOException {
        ends.direct(a);
        a.write(0, 300);
        a.write(5000, 3);
        ends.settle();
        assertThat(a.flow()).isEqualTo(Flow.ACTIVE);
    }

    private static void put(TwoEnds.End end, int block, int fill) {
        byte[] bytes = new byte[BLOCK_BYTES];
        java.util.Arrays.fill(bytes, (byte) fill);
        end.disk.write((long) block * BLOCK_BYTES, ByteBuffer.wrap(bytes));
    }

    private Verification.Result verify(TwoEnds.End at, boolean repair) throws IOException {
        Verification asked = new Verification(repair);
        at.endpoint().verify(asked);
        ends.settle();
        assertThat(asked.failure()).isEmpty();
        assertThat(asked.comparedBytes()).isEqualTo(asked.totalBytes());
        return asked.result().orElseThrow();
    }

    /** The root as its definition says, over every block of the volume. */
    private static String root(TwoEnds.End end) throws NoSuchAlgorithmException {
        MessageDigest leaf = MessageDigest.getInstance("SHA-256");
        MessageDigest node = MessageDigest.getInstance("SHA-256");
        MessageDigest root = MessageDigest.getInstance("SHA-256");
        for (int block = 0; block < TwoEnds.SIZE_BYTES / BLOCK_BYTES; block++) {
            node.update(leaf.digest(end.disk.block(block)));
            if (block % 256 == 255) root.update(node.digest());
        }
        return HexFormat.of().formatHex(root.digest());
    }

    @Test void two_ends_that_hold_the_same_have_the_root_that_the_definition_gives() throws Exception {
        mirrored();
        String expected = root(b);
        for (TwoEnds.End at : new TwoEnds.End[] {a, b}) {
            Verification.Result result = verify(at, false);
            assertThat(result.differing()).isZero();
            assertThat(result.root()).isEqualTo(expected);
        }
    }

    @Test void a_target_that_asks_while_another_comparison_is_under_way_or_its_result_on_its_way_hears_of_its_own() throws IOException {
        for (boolean over : new boolean[] {false, true}) {
            TwoEnds both = new TwoEnds();
            both.direct(both.a);
            both.a.write(0, 300);
            both.settle();
            Verification first = new Verification(false);
            both.a.endpoint().verify(first);
            both.run(3);
            while (over && first.result().isEmpty()) both.run(1);
            put(both.b, 7, 1);
            Verification second = new Verification(true);
            both.b.endpoint().verify(second);
            both.settle();
            assertThat(first.result().orElseThrow().differing()).isZero();
            assertThat(second.result()).as("the first is over: %s", over).hasValueSatisfying(r -> {
                assertThat(r.differing()).isEqualTo(1);
                assertThat(r.repaired()).isTrue();
            });
            assertThat(both.differing()).isZero();
        }
    }

    @Test void the_point_that_is_compared_stands_while_hosts_write_on() throws Exception {
        mirrored();
        String expected = root(a);
        Verification asked = new Verification(false);
        a.endpoint().verify(asked);
        ends.run(3);
        a.write(40, 20);
        ends.settle();
        assertThat(asked.result().orElseThrow()).isEqualTo(new Verification.Result(0, 0, expected, false));
    }

    @Test void blocks_that_differ_are_counted_and_made_the_same_on_demand() throws IOException {
        mirrored();
        put(b, 7, 1);
        put(b, 5001, 2);
        put(b, 9000, 3);
        assertThat(verify(b, false).differing()).isEqualTo(3);
        assertThat(ends.differing()).isEqualTo(3);
        assertThat(verify(a, true)).satisfies(r -> {
            assertThat(r.differing()).isEqualTo(3);
            assertThat(r.repaired()).isTrue();
        });
        assertThat(ends.differing()).isZero();
        assertThat(verify(a, false).differing()).isZero();
    }

    @Test void what_differs_is_repaired_whenever_a_snapshot_is_taken_meanwhile() throws IOException {
        for (int turns = 0; turns < 300; turns++) {
            TwoEnds both = new TwoEnds();
            both.direct(both.a);
            both.a.write(0, 8);
            both.settle();
            put(both.b, 7, 1);
            both.a.endpoint().verify(new Verification(true));
            both.run(turns);
            both.a.write(1000, turns % 2 == 0 ? 1 : 400);    // some overflow the ring, so that the snapshot is an epoch
            both.a.volume.cuts().take(new UUID(50, 1), true);
            both.work(both.a, 20);
            both.settle();
            assertThat(both.differing()).as("with a snapshot after %d turns", turns).isZero();
        }
    }

    @Test void damage_on_either_end_is_counted_and_repaired_from_the_other() throws IOException {
        mirrored();
        a.disk.damaged.add(11L * BLOCK_BYTES);
        b.disk.damaged.add(12L * BLOCK_BYTES);
        assertThat(verify(a, true)).satisfies(r -> {
            assertThat(r.damaged()).isEqualTo(2);
            assertThat(r.differing()).isEqualTo(2);
        });
        assertThat(a.disk.damaged).isEmpty();
        assertThat(b.disk.damaged).isEmpty();
        assertThat(ends.differing()).isZero();
    }

    @Test void without_a_session_there_is_an_answer_in_words() throws IOException {
        mirrored();
        ends.part();
        ends.run(2);
        Verification asked = new Verification(false);
        a.endpoint().verify(asked);
        assertThat(asked.failure()).contains("not connected");
    }

    @Test void what_is_paused_or_ships_snapshots_only_is_not_compared_and_says_so_at_once() throws IOException {
        mirrored();
        for (TwoEnds.End at : new TwoEnds.End[] {a, b}) {
            at.mode = Mode.SNAPSHOTS_ONLY;
            at.wish();
            ends.settle();
            Verification asked = new Verification(false);
            at.endpoint().verify(asked);
            assertThat(asked.failure()).contains("only snapshots");
            at.mode = Mode.ASYNC;
            at.wish();
            at.held = true;
            at.wish();
            ends.run();
            asked = new Verification(false);
            at.endpoint().verify(asked);
            assertThat(asked.failure()).contains("held up (test)");
            at.held = false;
            at.wish();
        }
        ends.settle();
        assertThat(verify(a, false).differing()).isZero();
    }

    @Test void digests_are_counted_apart_from_what_is_shipped() throws IOException {
        mirrored();
        long payload = a.volume.lag(0).payloadBytes();
        assertThat(payload).isEqualTo(303L * BLOCK_BYTES);
        assertThat(a.volume.lag(0).digestBytes()).isZero();
        put(b, 7, 1);
        verify(a, false);
        assertThat(a.volume.lag(0).payloadBytes()).isEqualTo(payload);
        assertThat(a.volume.lag(0).digestBytes()).as("nodes of the 3 MiB that hold something, and one's leaves").isEqualTo(32 * 3 + 32 * 256);
        ends.part();
        ends.run(2);
        a.crash();
        ends.direct(a);
        ends.settle();
        assertThat(a.volume.lag(0).digestBytes()).as("of what is in doubt").isEqualTo(16 * 303);
    }

    @Test void a_damaged_block_is_fetched_from_the_other_end_unless_that_may_hold_another_content() throws IOException {
        mirrored();
        for (TwoEnds.End end : new TwoEnds.End[] {a, b}) {
            end.disk.damaged.add(20L * BLOCK_BYTES);
            boolean[] answered = {false};
            end.endpoint().heal(new DamagedBlockException(20L * BLOCK_BYTES), () -> answered[0] = true);
            ends.settle();
            assertThat(answered[0]).isTrue();
            assertThat(end.disk.damaged).isEmpty();
            assertThat(ends.differing()).isZero();
        }
        assertThat(b.volume.damage().copies(b.disk, 20L * BLOCK_BYTES).alike()).isTrue();
        ends.part();
        ends.run(2);
        a.write(20, 1);
        assertThat(a.volume.damage().copies(a.disk, 20L * BLOCK_BYTES).alike()).isFalse();
    }

    @Test void a_read_that_meets_damage_waits_for_the_repair_and_gives_up_without_one() throws IOException {
        mirrored();
        a.disk.damaged.add(20L * BLOCK_BYTES);
        a.volume.onDamage(damaged -> {
            a.disk.damaged.remove(damaged.offsetBytes());
            return true;
        });
        ByteBuffer read = ByteBuffer.allocate(3 * BLOCK_BYTES);
        a.volume.host().read(19L * BLOCK_BYTES, read);
        assertThat(read.hasRemaining()).isFalse();
        a.disk.damaged.add(20L * BLOCK_BYTES);
        a.volume.onDamage(damaged -> true);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> a.volume.host().read(19L * BLOCK_BYTES, ByteBuffer.allocate(3 * BLOCK_BYTES))).isInstanceOf(DamagedBlockException.class);
    }
}
