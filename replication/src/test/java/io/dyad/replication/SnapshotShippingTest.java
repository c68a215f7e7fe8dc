package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.replication.PairEndpoint.Flow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Snapshots reach the target in order, the same to the bit, whatever the mode. */
class SnapshotShippingTest {
    private static final UUID FIRST = new UUID(50, 1);
    private static final UUID SECOND = new UUID(50, 2);
    private static final UUID THIRD = new UUID(50, 3);
    private final TwoEnds ends = new TwoEnds();
    private final TwoEnds.End a = ends.a;
    private final TwoEnds.End b = ends.b;

    @AfterEach void nothing_failed_that_was_not_meant_to() {
        assertThat(a.failures).isEmpty();
        assertThat(b.failures).isEmpty();
    }

    private void inSync() throws IOException {
        ends.settle();
        assertThat(a.flow()).isEqualTo(Flow.ACTIVE);
        assertThat(ends.differing()).isZero();
    }

    private void wish(UUID... ship) throws IOException {
        a.ship = List.of(ship);
        a.wish();
    }

    private void expectSame(UUID... snapshots) {
        assertThat(b.volume.cuts().names()).containsExactly(snapshots);
        expectAlike(snapshots);
        assertThat(a.shipped).containsExactly(snapshots);
        assertThat(b.arrived).containsExactly(snapshots);
    }

    private void expectAlike(UUID... snapshots) {
        for (UUID each : snapshots) for (int block = 0; block < 128; block++) assertThat(b.disk.block(each, block)).as("block %d", block).isEqualTo(a.disk.block(each, block));
    }

    private void apart() throws IOException {
        ends.part();
        ends.run(2);
    }

    @Test void in_a_stream_a_snapshot_stands_where_it_was_taken() throws IOException {
        ends.mirrored();
        wish(FIRST, SECOND);
        a.write(3, 2);
        a.volume.cuts().take(FIRST, true);
        a.write(4, 2);
        a.volume.cuts().take(SECOND, true);
        a.write(5, 1);
        inSync();
        expectSame(FIRST, SECOND);
        assertThat(a.resyncs).isEmpty();
    }

    @Test void snapshots_taken_while_apart_ship_each_with_its_own_changes_and_no_digest() throws IOException {
        for (boolean restarted : new boolean[] {false, true}) {
            TwoEnds.End source = a;
            if (!restarted) ends.mirrored();
            source.resyncs.clear();
            apart();
            UUID one = restarted ? THIRD : FIRST;
            a.write(3, 2);
            a.volume.cuts().take(one, true);
            a.write(4, 3);
            if (!restarted) a.volume.cuts().take(SECOND, true);
            a.volume.host().zero(5L * BLOCK_BYTES, BLOCK_BYTES, false);
            if (restarted) a.restart();
            a.ship = restarted ? List.of(THIRD) : List.of(FIRST, SECOND);
            ends.direct(a);
            inSync();
            assertThat(a.resyncs.getFirst().digestBytes()).isZero();
            assertThat(a.resyncs.getFirst().payloadBytes()).isLessThanOrEqualTo(5L * BLOCK_BYTES);
        }
        expectSame(FIRST, SECOND, THIRD);
    }

    @Test void snapshots_from_before_the_pair_ship_once_it_is_there() throws IOException {
        a.access = Access.READ_WRITE;
        a.wish();
        a.write(0, 32);
        a.volume.cuts().take(FIRST, true);
        a.write(16, 32);
        a.volume.cuts().take(SECOND, true);
        a.write(40, 2);
        a.ship = List.of(FIRST, SECOND);
        ends.direct(a);
        inSync();
        expectSame(FIRST, SECOND);
        assertThat(b.kept).isEmpty();
    }

    @Test void snapshots_from_before_and_after_a_new_pairing_are_each_the_same_whatever_was_written_between_them() throws IOException {
        ends.mirrored();
        ends.rePair();
        a.volume.host().admit(HostSide.Admission.WRITE);
        a.volume.cuts().take(FIRST, false);
        a.write(3, 2);
        a.wish();
        a.write(10, 1);
        a.volume.cuts().take(SECOND, true);
        a.write(20, 1);
        a.ship = List.of(FIRST, SECOND);
        ends.direct(a);
        inSync();
        expectAlike(FIRST, SECOND);
    }

    @Test void a_snapshot_that_is_deleted_while_it_waits_holds_up_nothing() throws IOException {
        ends.mirrored();
        wish(FIRST);
        a.write(1000, 400);                              // more than the ring holds, so that it is no marker in the stream
        a.volume.cuts().take(FIRST, true);
        a.volume.cuts().delete(FIRST);
        inSync();
        expectSame();
    }

    @Test void a_snapshot_with_a_damaged_block_is_not_shipped_with_another_in_its_place_and_holds_up_nothing() throws IOException {
        ends.mirrored();
        apart();
        a.write(3, 2);
        a.volume.cuts().take(FIRST, true);
        a.write(5, 1);
        a.volume.cuts().take(SECOND, true);
        a.disk.damaged.add(3L * BLOCK_BYTES);
        a.ship = List.of(FIRST, SECOND);
        ends.direct(a);
        ends.settle();
        assertThat(a.flow()).isEqualTo(Flow.ACTIVE);
        assertThat(b.volume.cuts().names()).isEmpty();
        assertThat(a.failures).hasSize(2).allMatch(f -> f.contains("is damaged: it is not shipped"));
        a.failures.clear();
        a.write(3, 1);
        inSync();
    }

    @Test void a_snapshot_whose_damaged_block_the_target_holds_is_mended_and_shipped() throws IOException {
        ends.mirrored();
        a.volume.cuts().take(FIRST, false);
        a.disk.rot(3);
        a.write(7, 1);
        inSync();
        wish(FIRST);
        inSync();
        expectSame(FIRST);
        assertThat(a.disk.rotten).isEmpty();
        assertThat(a.failures).isEmpty();
    }

    @Test void a_snapshot_over_a_block_that_was_left_out_never_arrives_with_another_in_its_place_whenever_it_is_taken() throws IOException {
        for (int turns = 0; turns < 25; turns++) {
            for (boolean overwritten : new boolean[] {false, true}) {
                TwoEnds both = new TwoEnds();
                both.direct(both.a);
                both.a.write(0, 64);
                both.settle();
                both.part();
                both.run(2);
                both.a.write(10, 3);
                both.a.disk.rot(11);
                both.dialAgain();
                both.run(turns);
                both.a.volume.cuts().take(FIRST, true);
                if (overwritten) both.a.write(11, 1);
                both.a.ship = List.of(FIRST);
                both.settle();
                assertThat(both.a.flow()).isEqualTo(Flow.ACTIVE);
                assertThat(both.b.volume.cuts().names()).as("after %d turns", turns).isEmpty();
                if (overwritten) assertThat(both.differing()).isZero();
            }
        }
    }

    @Test void a_snapshot_over_a_block_that_was_left_out_and_can_be_read_again_is_shipped_from_the_middle_of_a_stream() throws IOException {
        ends.mirrored();
        apart();
        a.write(10, 3);
        a.disk.damaged.add(11L * BLOCK_BYTES);
        ends.direct(a);
        ends.settle();
        assertThat(a.flow()).isEqualTo(Flow.ACTIVE);
        a.volume.cuts().take(FIRST, true);
        a.disk.damaged.clear();
        a.write(20, 1);
        inSync();
        expectSame(FIRST);
        assertThat(a.milestones).noneMatch(m -> m.contains("SLOW"));
    }

    @Test void a_snapshot_that_was_left_out_is_shipped_once_its_block_is_mended() throws IOException {
        ends.mirrored();
        a.volume.cuts().take(FIRST, false);
        byte[] lost = a.disk.block(3);
        a.disk.rot(3);
        a.write(3, 1);
        inSync();
        wish(FIRST);
        ends.settle();
        assertThat(b.volume.cuts().names()).isEmpty();
        assertThat(a.failures).singleElement().asString().contains("is damaged: it is not shipped");
        a.failures.clear();
        a.volume.host().write(3L * BLOCK_BYTES, ByteBuffer.wrap(lost), false);
        inSync();
        a.endpoint().heal(new DamagedBlockException(3L * BLOCK_BYTES), () -> { });
        ends.run();
        inSync();
        expectSame(FIRST);
        assertThat(a.failures).singleElement().asString().contains("does not match its checksum");
        a.failures.clear();
    }

    @Test void an_older_snapshot_that_is_to_be_shipped_late_leaves_the_target_with_the_newest_content() throws IOException {
        ends.mirrored();
        a.volume.cuts().take(FIRST, false);
        a.write(3, 2);
        inSync();
        wish(FIRST);
        inSync();
        expectSame(FIRST);
        assertThat(a.resyncs.getLast().payloadBytes()).isLessThanOrEqualTo(4L * BLOCK_BYTES);
    }

    @Test void an_older_snapshot_behind_an_epoch_that_was_broken_off_ships_nothing_that_the_target_holds() throws IOException {
        ends.mirrored();
        a.volume.cuts().take(FIRST, false);
        apart();
        a.write(3, 200);
        a.framesLeft = 2;                                // greeting and beginning, and no block
        ends.settle();
        a.framesLeft = -1;
        wish(FIRST);
        inSync();
        expectSame(FIRST);
        assertThat(shippedBytes()).isEqualTo(200L * BLOCK_BYTES);
    }

    @Test void an_older_snapshot_that_is_wanted_no_more_when_it_was_broken_off_leaves_nothing_to_ship() throws IOException {
        ends.mirrored();
        a.volume.cuts().take(FIRST, false);
        a.write(3, 50);
        inSync();
        a.resyncs.clear();
        apart();
        a.framesLeft = 4;                                // greeting, beginning, what have you got where I have something, and where I have nothing
        wish(FIRST);
        ends.settle();
        a.framesLeft = -1;
        a.volume.cuts().delete(FIRST);
        wish();
        inSync();
        assertThat(shippedBytes()).isZero();
    }

    private long shippedBytes() { return a.resyncs.stream().mapToLong(TwoEnds.Resync::payloadBytes).sum(); }

    @Test void with_snapshots_only_live_writes_stay_and_the_target_shows_the_last_complete_one() throws IOException {
        a.mode = Mode.SNAPSHOTS_ONLY;
        ends.direct(a);
        a.write(0, 64);
        a.ship = List.of(FIRST);
        a.volume.cuts().take(FIRST, true);
        a.write(70, 1);
        a.wish();
        ends.settle();
        expectSame(FIRST);
        assertThat(b.disk.block(70)).isEqualTo(new byte[BLOCK_BYTES]);
        a.write(1, 2);
        wish(SECOND);
        a.volume.cuts().take(SECOND, true);
        a.write(9, 9);
        ends.settle();
        expectSame(FIRST, SECOND);
        assertThat(b.disk.block(1)).isEqualTo(a.disk.block(SECOND, 1));
        assertThat(b.disk.block(9)).isEqualTo(a.disk.block(FIRST, 9));
        a.mode = Mode.ASYNC;
        wish();
        inSync();
        assertThat(a.resyncs.getLast().digestBytes()).isZero();
    }

    @Test void a_snapshot_whose_epoch_is_broken_off_or_whose_source_crashes_still_comes_whole() throws IOException {
        ends.mirrored();
        apart();
        for (int at = 0; at < 4096; at += 256) a.write(at, 256);
        a.volume.cuts().take(FIRST, true);
        a.write(3, 300);
        wish(FIRST);
        a.framesLeft = 12;
        ends.settle();
        assertThat(b.volume.cuts().names()).isEmpty();
        a.volume.cuts().take(SECOND, true);
        a.write(7, 1);
        a.framesLeft = 6;
        ends.settle();
        a.framesLeft = -1;
        wish(FIRST, SECOND);
        a.crash();
        ends.direct(a);
        inSync();
        expectSame(FIRST, SECOND);
    }

    @Test void what_was_said_of_an_arrived_snapshot_and_lost_is_said_again() throws IOException {
        ends.mirrored();
        wish(FIRST);
        a.volume.cuts().take(FIRST, true);
        while (b.volume.cuts().names().isEmpty()) ends.run(1);
        ends.part();
        inSync();
        assertThat(a.shipped).containsOnly(FIRST);
        assertThat(b.arrived).containsOnly(FIRST);
        assertThat(b.volume.cuts().names()).containsExactly(FIRST);
    }

    @Test void a_target_with_as_many_snapshots_as_it_may_have_holds_the_pair_until_one_goes() throws IOException {
        ends.mirrored();
        List<UUID> held = new ArrayList<>();
        for (int i = 0; i < Snapshots.MAX; i++) held.add(new UUID(9, i));
        for (UUID each : held) b.volume.cuts().keep(each);
        wish(FIRST);
        a.volume.cuts().take(FIRST, true);
        a.write(3, 1);
        ends.settle();
        assertThat(a.endpoint().status().refused()).isEqualTo(PairEndpoint.TOO_MANY_SNAPSHOTS);
        b.volume.cuts().delete(held.getFirst());
        inSync();
        assertThat(a.endpoint().status().refused()).isEmpty();
        assertThat(a.shipped).containsExactly(FIRST);
        a.failures.clear();
        b.failures.clear();
    }

    @Test void a_snapshot_that_is_wanted_no_more_leaves_its_changes_to_the_next() throws IOException {
        ends.mirrored();
        apart();
        a.write(3, 2);
        a.volume.cuts().take(FIRST, true);
        a.write(4, 3);
        a.volume.cuts().take(SECOND, true);
        a.volume.cuts().delete(FIRST);
        wish(FIRST, SECOND);
        inSync();
        expectSame(SECOND);
        assertThat(a.resyncs.getFirst().payloadBytes()).isEqualTo(4L * BLOCK_BYTES);
    }
}
