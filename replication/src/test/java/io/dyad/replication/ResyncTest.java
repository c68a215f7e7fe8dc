package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.TwoEnds.Resync;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What ships when two ends meet again, and what does not. */
class ResyncTest {
    private static final int REGION_BLOCKS = Memo.REGION_BYTES / BLOCK_BYTES;
    private final TwoEnds ends = new TwoEnds();
    private final TwoEnds.End a = ends.a;
    private final TwoEnds.End b = ends.b;

    @AfterEach void nothing_failed_that_was_not_meant_to() {
        assertThat(a.failures).isEmpty();
        assertThat(b.failures).isEmpty();
    }

    private void mirrored(int blocks) throws IOException {
        ends.direct(a);
        for (int at = 0; at < blocks; at += 16) a.write(at, Math.min(16, blocks - at));
        inSync();
        a.resyncs.clear();
    }

    private void inSync() throws IOException {
        ends.settle();
        assertThat(a.flow()).isEqualTo(Flow.ACTIVE);
        assertThat(b.flow()).isEqualTo(Flow.ACTIVE);
        assertThat(ends.differing()).isZero();
    }

    /** End a takes so many snapshots, for itself. */
    private List<UUID> holds(int count) throws IOException {
        List<UUID> held = new ArrayList<>();
        for (int i = 0; i < count; i++) held.add(new UUID(9, i));
        for (UUID each : held) a.volume.cuts().keep(each);
        return held;
    }

    private Resync only(TwoEnds.End source) {
        assertThat(source.resyncs).hasSize(1);
        return source.resyncs.getFirst();
    }

    @Test void a_first_sync_to_an_empty_target_asks_for_no_digest_and_keeps_no_snapshot() throws IOException {
        ends.direct(a);
        a.write(0, 300);
        inSync();
        assertThat(only(a)).isEqualTo(new Resync("first-sync", 300, 300L * BLOCK_BYTES, 0));
        assertThat(b.kept).isEmpty();
    }

    @Test void a_cut_or_a_restart_in_order_ships_what_changed_and_no_digest() throws IOException {
        mirrored(100);
        ends.part();
        a.write(10, 3);
        ends.run(2);
        a.restart();
        ends.direct(a);
        inSync();
        assertThat(only(a)).satisfies(r -> {
            assertThat(r.payloadBytes()).isEqualTo(3L * BLOCK_BYTES);
            assertThat(r.digestBytes()).isZero();
        });
    }

    @Test void after_a_crash_of_the_source_digests_find_what_differs_and_nothing_else_ships() throws IOException {
        mirrored(200);
        ends.part();
        ends.run(2);
        a.write(7, 2);
        a.volume.host().zero(50L * BLOCK_BYTES, BLOCK_BYTES, false);
        a.crash();
        ends.direct(a);
        inSync();
        assertThat(only(a).payloadBytes()).isEqualTo(2L * BLOCK_BYTES);
        assertThat(only(a).digestBytes()).isBetween(1L, 16L * REGION_BLOCKS);
    }

    @Test void volumes_that_are_paired_anew_and_hold_the_same_ship_nothing_and_keep_nothing() throws IOException {
        mirrored(64);
        ends.rePair();
        ends.direct(a);
        inSync();
        assertThat(only(a)).isEqualTo(new Resync("first-sync", 0, 0, 64 * 16));
        assertThat(b.kept).isEmpty();
    }

    @Test void what_a_target_held_before_it_was_paired_is_kept_before_it_is_overwritten() throws IOException {
        b.access = Access.READ_WRITE;
        b.wish();
        b.write(5, 3);
        byte[] before = b.disk.block(5);
        ends.direct(a);
        a.write(5, 1);
        inSync();
        assertThat(b.kept).hasSize(1);
        assertThat(b.disk.block(b.kept.getFirst(), 5)).isEqualTo(before);
        assertThat(only(a).payloadBytes()).isEqualTo(BLOCK_BYTES);
    }

    @Test void what_was_written_before_an_end_was_a_target_is_no_lag_of_its_own_once_it_is_source_again() throws IOException {
        mirrored(16);
        ends.part();
        ends.run(2);
        a.write(3, 4);
        ends.direct(b);
        inSync();
        ends.part();
        ends.run(2);
        ends.direct(a);
        assertThat(a.volume.lag(0).oldestNs()).isZero();
    }

    @Test void a_source_that_has_just_come_to_its_pair_lags_though_nothing_was_written_since() throws IOException {
        a.access = Access.READ_WRITE;
        a.wish();
        assertThat(a.volume.lag(0).oldestNs()).isPositive();
    }

    @Test void what_is_lacking_goes_down_as_an_epoch_is_shipped_and_not_only_when_it_is_committed() throws IOException {
        mirrored(16);
        ends.part();
        ends.run(2);
        for (int at = 0; at < 2048; at += 256) a.write(at, 256);
        List<Long> lacking = new ArrayList<>(List.of(a.volume.lag(0).bytes()));
        assertThat(lacking.getFirst()).isEqualTo(2048L * BLOCK_BYTES);
        ends.dialAgain();
        while (a.flow() != Flow.ACTIVE) {
            ends.run(1);
            lacking.add(a.volume.lag(0).bytes());
        }
        assertThat(lacking).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(lacking.stream().distinct()).as("a step for each MiB").hasSize(9);
    }

    @Test void an_epoch_that_a_cut_broke_off_goes_on_where_it_was() throws IOException {
        mirrored(16);
        ends.part();
        ends.run(2);
        for (int at = 0; at < 4096; at += 256) a.write(at, 256);                 // 16 frames of 1 MiB
        a.framesLeft = 12;
        ends.settle();
        a.framesLeft = -1;
        a.write(0, 1);                                                          // staged already, and changed since
        inSync();
        assertThat(only(a).blocks()).isBetween(4096L - 12 * 256 + 1, 4096L - 8 * 256);
    }

    @Test void a_block_that_changed_under_a_staged_epoch_is_not_taken_for_staged_when_that_is_broken_off_again() throws IOException {
        mirrored(16);
        ends.part();
        ends.run(2);
        for (int at = 0; at < 4096; at += 256) a.write(at, 256);
        a.framesLeft = 12;
        ends.settle();
        for (int at = 0; at < 4; at++) a.write(at * 256, 256);
        a.framesLeft = 3;
        ends.settle();
        a.framesLeft = -1;
        inSync();
    }

    @Test void scattered_blocks_cross_many_to_a_frame() throws IOException {
        mirrored(16);
        ends.part();
        ends.run(2);
        for (int at = 0; at < 8192; at += 8) a.write(at, 1 + at % 3);
        a.write(8200, 100);
        ends.dialAgain();
        ends.run();
        assertThat(ends.framesTo(b)).isLessThan(60);
        inSync();
        assertThat(only(a).payloadBytes()).isEqualTo(only(a).blocks() * BLOCK_BYTES).isGreaterThan(2048L * BLOCK_BYTES);
    }

    @Test void what_came_over_a_slow_link_is_durable_soon_and_over_a_fast_one_not_frame_by_frame() throws IOException {
        mirrored(16);
        ends.part();
        ends.run(2);
        for (int at = 0; at < 8192; at += 256) a.write(at, 256);
        ends.dialAgain();
        while (b.flow() != Flow.TRANSFER || b.disk.stageFlushes == 0) ends.run(1);
        int begun = b.disk.stageFlushes;
        ends.run(8);
        assertThat(b.disk.stageFlushes).isEqualTo(begun);
        for (int i = 0; i < 8; i++) {
            ends.pass(130_000_000L);
            ends.run(1);
        }
        assertThat(b.flow()).isEqualTo(Flow.TRANSFER);
        assertThat(b.disk.stageFlushes - begun).as("in a second").isBetween(2, 4);
        inSync();
    }

    @Test void an_epoch_goes_on_after_its_target_was_restarted_and_after_its_source_crashed() throws IOException {
        mirrored(16);
        ends.part();
        ends.run(2);
        for (int at = 0; at < 4096; at += 256) a.write(at, 256);
        a.framesLeft = 12;
        ends.settle();
        b.crash();
        a.framesLeft = -1;
        ends.direct(a);
        a.framesLeft = 8;
        ends.settle();
        a.crash();
        a.framesLeft = -1;
        ends.direct(a);
        inSync();
        assertThat(only(a).payloadBytes()).isLessThan(8L << 20);
    }

    @Test void a_lost_word_that_an_epoch_was_committed_ships_nothing_again() throws IOException {
        for (boolean first : new boolean[] {true, false}) {
            if (first) ends.direct(a);
            else ends.part();
            ends.run(2);
            a.write(first ? 0 : 4096, 512);
            while (b.volume.ledger().mark().bond().progress() != Mark.Progress.SYNCED || !first && b.volume.ledger().mark().bond().epoch() < 2) {
                ends.run(1);
                if (b.volume.ledger().mark().bond().epoch() >= (first ? 1 : 2)) ends.part();
            }
            a.resyncs.clear();
            inSync();
            assertThat(a.resyncs.getLast().payloadBytes()).as(first ? "first sync" : "epoch").isLessThanOrEqualTo(512L * BLOCK_BYTES);
            assertThat(a.resyncs.getLast().digestBytes()).isZero();
        }
    }

    @Test void both_ends_written_while_apart_are_seen_to_have_diverged_and_the_losers_blocks_are_kept() throws IOException {
        mirrored(32);
        ends.part();
        ends.run(2);
        assertThat(a.volume.standing().divergedFrom(b.volume.standing())).isFalse();
        b.access = Access.READ_WRITE;
        b.wish();
        a.wish();
        a.write(3, 1);
        b.write(9, 2);
        assertThat(a.volume.standing().divergedFrom(b.volume.standing())).isTrue();
        assertThat(b.volume.standing().divergedFrom(a.volume.standing())).isTrue();
        byte[] lost = a.disk.block(3);
        ends.direct(b);
        inSync();
        assertThat(only(b).payloadBytes()).isEqualTo(3L * BLOCK_BYTES);
        assertThat(only(b).digestBytes()).isZero();
        assertThat(a.disk.block(a.kept.getFirst(), 3)).isEqualTo(lost);
        assertThat(a.volume.standing().divergedFrom(b.volume.standing())).isFalse();
    }

    @Test void FO_3_a_planned_switch_is_no_divergence_and_keeps_no_snapshot() throws IOException {
        mirrored(32);
        a.access = Access.REPLICATION_TARGET;
        a.wish();
        b.wish();
        ends.settle();
        assertThat(a.volume.standing().divergedFrom(b.volume.standing())).isFalse();
        ends.direct(b);
        b.write(1, 1);
        inSync();
        assertThat(a.kept).isEmpty();
        assertThat(only(b)).satisfies(r -> {
            assertThat(r.payloadBytes()).isLessThanOrEqualTo(BLOCK_BYTES);
            assertThat(r.digestBytes()).isZero();
        });
    }

    @Test void what_a_session_kept_that_could_not_go_on_is_not_kept_again() throws IOException {
        mirrored(16);
        List<UUID> held = holds(Snapshots.MAX - 1);
        ends.split();
        a.write(3, 1);
        b.write(9, 1);
        UUID shipped = new UUID(5, 5);
        b.ship = List.of(shipped);
        b.volume.cuts().take(shipped, true);
        ends.direct(b);
        for (int sessions = 0; sessions < 3; sessions++) {
            ends.settle();
            a.spare = List.copyOf(a.kept);
            a.wish();
        }
        assertThat(b.endpoint().status().refused()).isEqualTo(PairEndpoint.TOO_MANY_SNAPSHOTS);
        a.crash();
        ends.direct(b);
        ends.settle();
        assertThat(a.kept).hasSize(1);
        assertThat(a.gone).isEmpty();
        assertThat(a.volume.cuts().names()).hasSize(Snapshots.MAX).doesNotContain(shipped);
        a.volume.cuts().delete(held.getFirst());
        inSync();
        assertThat(a.kept).hasSize(1);
        assertThat(a.volume.cuts().names()).contains(shipped, a.kept.getFirst());
        a.failures.clear();
        b.failures.clear();
    }

    @Test void an_earlier_kept_snapshot_gives_way_where_the_last_place_is_for_the_sources() throws IOException {
        mirrored(16);
        List<UUID> held = holds(Snapshots.MAX - 1);
        ends.split();
        a.write(3, 1);
        UUID shipped = new UUID(5, 5);
        b.ship = a.expected = List.of(shipped);
        b.volume.cuts().take(shipped, true);
        a.spare = List.of(held.get(4), held.get(5));
        ends.direct(b);
        inSync();
        assertThat(a.gone).containsExactly(held.get(4));
        assertThat(a.volume.cuts().names()).hasSize(Snapshots.MAX).contains(shipped, a.kept.getFirst(), held.get(5));
    }

    @Test void a_kept_snapshot_takes_the_place_of_the_oldest_kept_one_and_never_of_a_users() throws IOException {
        mirrored(16);
        List<UUID> held = holds(Snapshots.MAX);
        ends.split();
        a.write(3, 1);
        ends.direct(b);
        ends.settle();
        assertThat(a.endpoint().status().refused()).isEqualTo(PairEndpoint.TOO_MANY_SNAPSHOTS);
        assertThat(b.endpoint().status().refused()).isEqualTo(PairEndpoint.TOO_MANY_SNAPSHOTS);
        assertThat(a.volume.cuts().names()).containsExactlyElementsOf(held);
        a.spare = List.of(new UUID(8, 8), held.get(4), held.get(5));
        a.wish();
        inSync();
        assertThat(a.gone).containsExactly(held.get(4));
        assertThat(a.volume.cuts().names()).hasSize(Snapshots.MAX).contains(a.kept.getFirst()).doesNotContain(held.get(4));
        a.failures.clear();
    }
}
