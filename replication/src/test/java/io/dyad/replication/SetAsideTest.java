package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.replication.PairEndpoint.Flow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A block that a source cannot read is mended from the target's copies or left out, and holds nothing else up. */
class SetAsideTest {
    private static final UUID SNAPSHOT = new UUID(9, 9);
    private final TwoEnds ends = new TwoEnds();
    private final TwoEnds.End a = ends.a;
    private final TwoEnds.End b = ends.b;

    private void inSync() throws IOException {
        ends.settle();
        assertThat(a.flow()).isEqualTo(Flow.ACTIVE);
    }

    @Test void a_block_that_cannot_be_read_is_set_aside_and_the_rest_is_shipped_in_one_session() throws IOException {
        ends.mirrored();
        ends.part();
        ends.run(2);
        a.write(10, 300);
        a.damage(12);
        a.damage(309);
        inSync();
        assertThat(a.resyncs).singleElement().satisfies(r -> assertThat(r.payloadBytes()).isEqualTo(298L * BLOCK_BYTES));
        assertThat(ends.differing()).isEqualTo(2);
        assertThat(a.volume.dirtyBlocks()).isEqualTo(2);
        assertThat(a.volume.damagedBlocks()).isEqualTo(2);
        assertThat(a.failures).isEmpty();
        a.write(12, 1);
        a.write(309, 1);
        inSync();
        assertThat(ends.differing()).isZero();
        assertThat(a.volume.dirtyBlocks()).isZero();
        assertThat(a.volume.damagedBlocks()).isZero();
        assertThat(a.resyncs).as("streamed").hasSize(1);
    }

    /** Three blocks were written while apart, the one in the middle cannot be read, and the others have been shipped. */
    private void setAside() throws IOException {
        ends.mirrored();
        ends.part();
        ends.run(2);
        a.write(10, 3);
        a.damage(11);
        inSync();
    }

    @Test void a_block_set_aside_ships_with_the_next_session_once_it_can_be_read() throws IOException {
        setAside();
        assertThat(ends.differing()).isEqualTo(1);
        a.disk.damaged.clear();
        ends.part();
        inSync();
        assertThat(ends.differing()).isZero();
        assertThat(a.volume.dirtyBlocks()).isZero();
    }

    @Test void a_block_set_aside_is_not_forgotten_whichever_frame_of_the_target_is_lost() throws IOException {
        for (int frames = 0; frames < 12; frames++) {
            TwoEnds both = new TwoEnds();
            both.direct(both.a);
            both.a.write(0, 64);
            both.settle();
            both.part();
            both.run(2);
            both.a.write(10, 3);
            both.a.damage(11);
            both.b.framesLeft = frames;
            both.dialAgain();
            both.run();
            both.b.framesLeft = -1;
            both.settle();
            assertThat(both.a.volume.dirtyBlocks()).as("after %d frames", frames).isEqualTo(1);
        }
    }

    @Test void what_the_loser_of_a_split_brain_holds_where_the_winner_cannot_read_is_kept_before_a_later_write_overwrites_it() throws IOException {
        for (boolean others : new boolean[] {true, false}) {
            TwoEnds both = new TwoEnds();
            both.direct(both.a);
            both.a.write(0, 64);
            both.settle();
            both.split();
            both.b.write(20, 1);
            if (others) both.a.write(30, 1);
            byte[] own = both.b.disk.block(20);
            both.a.damage(20);
            both.direct(both.a);
            both.settle();
            assertThat(both.a.flow()).isEqualTo(Flow.ACTIVE);
            both.a.write(20, 1);
            both.settle();
            assertThat(both.differing()).isZero();
            assertThat(both.b.kept).as("with other blocks to ship: %s", others).singleElement().satisfies(kept -> assertThat(both.b.disk.block(kept, 20)).isEqualTo(own));
        }
    }

    @Test void a_block_that_a_source_cannot_read_is_no_reason_to_keep_a_target_that_has_nothing_of_its_own() throws IOException {
        setAside();
        assertThat(b.kept).isEmpty();
    }

    /** The source has written two blocks alone and crashed: what lies around them is in doubt. */
    private void crashedApart() throws IOException {
        ends.mirrored();
        ends.part();
        ends.run(2);
        a.write(20, 2);
        a.crash();
    }

    @Test void a_block_in_doubt_that_cannot_be_read_is_set_aside_and_the_others_are_compared() throws IOException {
        crashedApart();
        a.damage(30);
        ends.direct(a);
        inSync();
        assertThat(a.resyncs).singleElement().satisfies(r -> assertThat(r.payloadBytes()).isEqualTo(2L * BLOCK_BYTES));
        assertThat(ends.differing()).isZero();
        assertThat(a.volume.dirtyBlocks()).isEqualTo(1);
        assertThat(a.failures).isEmpty();
    }

    @Test void a_block_in_doubt_that_has_rotted_is_mended_from_the_target_which_holds_the_same_and_none_is_set_aside() throws IOException {
        crashedApart();
        for (int block = 25; block < 64; block++) a.disk.rot(block);
        ends.direct(a);
        inSync();
        assertThat(a.disk.rotten).isEmpty();
        assertThat(a.resyncs).singleElement().satisfies(r -> assertThat(r.payloadBytes()).isEqualTo(2L * BLOCK_BYTES));
        assertThat(List.of(ends.differing(), a.volume.dirtyBlocks(), a.volume.damagedBlocks())).containsOnly(0L);
        assertThat(a.failures).isEmpty();
    }

    @Test void a_disk_full_of_damage_is_asked_for_a_piece_at_a_time_and_the_rest_of_the_volume_too() throws IOException {
        ends.direct(a);
        a.write(0, 1000);
        inSync();
        a.crash();
        for (int block = 0; block < 1000; block += 2) a.disk.rot(block);
        b.disk.rot(500);
        ends.direct(a);
        inSync();
        assertThat(a.disk.rotten).as("which rotted on both ends").hasSize(1);
        assertThat(a.volume.dirtyBlocks()).isEqualTo(1);
    }

    @Test void a_block_that_was_written_while_apart_to_what_the_target_holds_is_mended_and_not_shipped() throws IOException {
        ends.mirrored();
        ends.part();
        ends.run(2);
        a.write(10, 1);
        a.volume.host().write(20L * BLOCK_BYTES, ByteBuffer.wrap(a.disk.block(20)), false);
        a.disk.rot(20);
        inSync();
        assertThat(a.disk.rotten).isEmpty();
        assertThat(a.resyncs).singleElement().satisfies(r -> assertThat(r.payloadBytes()).isEqualTo(BLOCK_BYTES));
        assertThat(a.volume.dirtyBlocks()).isZero();
    }

    @Test void damage_in_a_first_sync_holds_nothing_else_up() throws IOException {
        ends.direct(a);
        a.write(0, 64);
        a.damage(0);
        a.damage(63);
        inSync();
        assertThat(ends.differing()).isEqualTo(2);
        assertThat(a.volume.dirtyBlocks()).isEqualTo(2);
    }

    @Test void what_a_source_has_lost_and_only_a_snapshot_of_the_target_holds_is_mended_and_shipped() throws IOException {
        ends.mirrored();
        a.volume.cuts().take(SNAPSHOT, true);
        a.ship = List.of(SNAPSHOT);
        ends.direct(a);
        inSync();
        byte[] lost = a.disk.block(20);
        ends.split();
        b.write(20, 1);
        a.write(40, 1);
        a.disk.rot(20);
        ends.direct(a);
        inSync();
        assertThat(a.disk.rotten).isEmpty();
        assertThat(b.disk.block(20)).isEqualTo(lost);
        assertThat(ends.differing()).isZero();
        assertThat(a.volume.dirtyBlocks()).isZero();
    }
}
