package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.Mode;
import io.dyad.replication.PairEndpoint.Flow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A damaged block that a read meets is repaired from the copies of the other end, in every cut that holds it. */
class HealingTest {
    private final TwoEnds ends = new TwoEnds();
    private final TwoEnds.End a = ends.a;
    private final TwoEnds.End b = ends.b;

    private void inSync() throws IOException {
        ends.settle();
        assertThat(a.flow()).isEqualTo(Flow.ACTIVE);
    }

    /** As a read does that meets it, with the other end's answer coming at once. */
    private void heals(TwoEnds.End end) {
        end.volume.onDamage(damaged -> {
            boolean[] answered = {false};
            end.endpoint().heal(damaged, () -> answered[0] = true);
            try {
                ends.run();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return answered[0];
        });
    }

    private static byte[] read(Blocks from, int block) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(BLOCK_BYTES);
        from.read((long) block * BLOCK_BYTES, read);
        return read.array();
    }

    private static final UUID SNAPSHOT = new UUID(9, 9);

    @Test void a_block_that_has_rotted_is_whole_again_for_the_volume_its_snapshots_and_open_views() throws IOException {
        for (TwoEnds.End end : List.of(a, b)) {
            TwoEnds.End other = end == a ? b : a;
            if (end == a) ends.mirrored();
            byte[] lost = end.disk.block(20);
            end.volume.cuts().take(SNAPSHOT, false);
            try (VolumeCuts.View now = end.volume.cuts().now(); VolumeCuts.View snapshot = end.volume.cuts().open(SNAPSHOT)) {
                end.disk.rot(20);
                assertThatThrownBy(() -> read(snapshot, 20)).isInstanceOf(DamagedBlockException.class);
                heals(end);
                end.volume.peek(0, ByteBuffer.allocate(64 * BLOCK_BYTES));
                assertThat(read(snapshot, 20)).isEqualTo(lost);
                assertThat(read(now, 20)).isEqualTo(lost);
                assertThat(end.disk.block(20)).isEqualTo(lost);
                assertThat(List.of(end.volume.damagedBlocks(), end.volume.dirtyBlocks(), other.volume.dirtyBlocks())).containsOnly(0L);
            }
        }
        assertThat(a.resyncs).isEmpty();
    }

    @Test void a_read_through_a_view_waits_for_the_repair_and_gives_up_without_one() throws IOException {
        ends.mirrored();
        byte[] before = a.disk.block(20);
        a.volume.cuts().take(SNAPSHOT, false);
        try (VolumeCuts.View now = a.volume.cuts().now(); VolumeCuts.View snapshot = a.volume.cuts().open(SNAPSHOT)) {
            for (VolumeCuts.View view : List.of(now, snapshot)) {
                a.disk.rot(20);
                a.volume.onDamage(damaged -> true);
                assertThatThrownBy(() -> read(view, 20)).isInstanceOf(DamagedBlockException.class);
                heals(a);
                assertThat(read(view, 20)).isEqualTo(before);
                assertThat(a.disk.rotten).isEmpty();
            }
        }
    }

    @Test void a_block_of_a_snapshot_that_has_been_overwritten_since_is_mended_from_the_other_ends_snapshot() throws IOException {
        ends.mirrored();
        a.volume.cuts().take(SNAPSHOT, true);
        a.ship = List.of(SNAPSHOT);
        ends.direct(a);
        inSync();
        byte[][] lost = {a.disk.block(20), b.disk.block(30)};
        a.disk.rot(20);
        b.disk.rot(30);
        a.write(20, 20);
        inSync();
        heals(a);
        heals(b);
        try (VolumeCuts.View here = a.volume.cuts().open(SNAPSHOT); VolumeCuts.View there = b.volume.cuts().open(SNAPSHOT)) {
            assertThat(read(here, 20)).isEqualTo(lost[0]);
            assertThat(read(there, 30)).isEqualTo(lost[1]);
        }
        assertThat(ends.differing()).isZero();
        assertThat(a.volume.dirtyBlocks()).isZero();
    }

    @Test void a_copy_of_another_content_mends_nothing() throws IOException {
        ends.mirrored();
        a.volume.cuts().take(SNAPSHOT, false);
        a.disk.rot(20);
        a.write(20, 1);
        inSync();
        byte[] newer = a.disk.block(20);
        a.endpoint().heal(new DamagedBlockException(20L * BLOCK_BYTES), () -> { });
        ends.run();
        try (VolumeCuts.View snapshot = a.volume.cuts().open(SNAPSHOT)) {
            assertThatThrownBy(() -> read(snapshot, 20)).isInstanceOf(DamagedBlockException.class);
        }
        assertThat(a.disk.block(20)).isEqualTo(newer);
        assertThat(a.disk.rotten).hasSize(1);
    }

    @Test void the_copy_is_taken_by_its_checksum_where_the_two_may_differ_and_by_that_alone() throws IOException {
        ends.mirrored();
        a.mode = Mode.SNAPSHOTS_ONLY;
        ends.direct(a);
        ends.settle();
        a.volume.cuts().take(SNAPSHOT, false);
        byte[] lost = a.disk.block(20);
        a.disk.rot(20);
        a.write(20, 1);                                          // which does not ship
        byte[] newer = a.disk.block(20);
        a.disk.rot(20);
        heals(a);
        assertThatThrownBy(() -> a.volume.host().read(20L * BLOCK_BYTES, ByteBuffer.allocate(BLOCK_BYTES))).isInstanceOf(DamagedBlockException.class);
        try (VolumeCuts.View snapshot = a.volume.cuts().open(SNAPSHOT)) {
            assertThat(read(snapshot, 20)).as("of the older content the target holds a copy").isEqualTo(lost);
        }
        assertThat(a.disk.block(20)).isEqualTo(newer);
        assertThat(a.disk.rotten).hasSize(1);
        assertThat(b.disk.block(20)).isEqualTo(lost);
    }

    @Test void what_the_other_end_holds_of_an_older_write_never_comes_back() throws IOException {
        ends.mirrored();
        heals(a);
        a.write(20, 1);                                          // in the ring, not on the target
        byte[] newer = a.disk.block(20);
        a.damage(20);
        boolean[] answered = {false};
        a.endpoint().heal(new DamagedBlockException(20L * BLOCK_BYTES), () -> answered[0] = true);
        ends.run();
        assertThat(answered[0]).isTrue();
        assertThat(a.disk.block(20)).isEqualTo(newer);
        assertThat(a.disk.damaged).hasSize(1);
        ends.breathe();                                          // now the target holds it too
        ByteBuffer read = ByteBuffer.allocate(BLOCK_BYTES);
        a.volume.host().read(20L * BLOCK_BYTES, read);
        assertThat(read.array()).isEqualTo(newer);
        assertThat(a.disk.damaged).isEmpty();
    }

    @Test void nothing_is_asked_for_before_both_know_what_may_differ() throws IOException {
        ends.mirrored();
        b.disk.write(20L * BLOCK_BYTES, ByteBuffer.allocate(BLOCK_BYTES));        // as if it had lost what it once held, and did not know
        ends.part();
        ends.run(2);
        a.damage(20);
        ends.pass(3_000_000L);                                   // too short to dial again
        ends.run();
        boolean[] answered = {false};
        ends.dialAgain();
        assertThat(a.flow()).isEqualTo(Flow.CONNECTING);
        a.endpoint().heal(new DamagedBlockException(20L * BLOCK_BYTES), () -> answered[0] = true);
        assertThat(answered[0]).isTrue();
        inSync();
        assertThat(a.disk.damaged).hasSize(1);
    }

    @Test void a_write_that_covers_a_damaged_block_in_part_repairs_it_first_and_one_that_covers_it_whole_needs_none() throws IOException {
        ends.mirrored();
        byte[] before = a.disk.block(20);
        a.damage(20);
        assertThatThrownBy(() -> a.volume.host().write(20L * BLOCK_BYTES + 512, ByteBuffer.allocate(512), false)).isInstanceOf(DamagedBlockException.class);
        a.damage(21);
        heals(a);
        a.volume.host().write(19L * BLOCK_BYTES + 512, ByteBuffer.allocate(BLOCK_BYTES), false);
        Arrays.fill(before, 0, 512, (byte) 0);
        assertThat(a.disk.block(20)).isEqualTo(before);
        assertThat(a.disk.damaged).hasSize(1);
        a.volume.onDamage(damaged -> { throw new AssertionError("asked for " + damaged); });
        a.volume.host().write(20L * BLOCK_BYTES + 512, ByteBuffer.allocate(2 * BLOCK_BYTES), false);
        assertThat(a.disk.damaged).isEmpty();
        inSync();
        assertThat(ends.differing()).isZero();
    }

    @Test void damage_that_nobody_repairs_is_counted_until_the_block_is_written() throws IOException {
        ends.mirrored();
        a.damage(20);
        assertThat(a.volume.damagedBlocks()).as("nothing has read it yet").isZero();
        for (int i = 0; i < 2; i++) assertThatThrownBy(() -> a.volume.host().read(0, ByteBuffer.allocate(64 * BLOCK_BYTES))).isInstanceOf(DamagedBlockException.class);
        assertThat(a.volume.damagedBlocks()).isEqualTo(1);
        a.write(20, 1);
        assertThat(a.volume.damagedBlocks()).isZero();
    }
}
