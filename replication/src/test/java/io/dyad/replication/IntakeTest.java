package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a target receives while a force is under way. */
class IntakeTest {
    private final MemoryVolume disk = new MemoryVolume(64L << 20);
    private final ReplicatedVolume volume;
    private final Intake intake;

    IntakeTest() throws IOException {
        volume = ReplicatedVolume.open(new VolumeId(1), disk, new Shared(new RingBudget(1 << 20)));
        intake = volume.target().intake();
    }

    /** Write {@code seq} fills the block of that number with it. */
    private void receive(int seq) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        Arrays.fill(block, (byte) seq);
        ByteBuffer writes = ByteBuffer.allocate(2 * BLOCK_BYTES);
        Writes.put(writes, seq, (long) seq * BLOCK_BYTES, ByteBuffer.wrap(block));
        intake.take(seq, writes.flip());
        intake.append();
    }

    private List<Integer> applied() {
        List<Integer> blocks = new ArrayList<>();
        disk.blocks().keySet().forEach(at -> blocks.add((int) (at / BLOCK_BYTES)));
        return blocks;
    }

    @Test void it_is_received_at_once_but_durable_and_applied_by_the_next() throws IOException {
        receive(1);
        Force first = intake.beginForce();
        receive(2);
        assertThat(intake.receivedSeq()).isEqualTo(2);
        first.run();
        first.end();
        assertThat(intake.durableSeq()).isEqualTo(1);
        assertThat(applied()).as("nothing is applied before it is durable").containsExactly(1);
        assertThat(intake.unforcedBytes()).as("still to be made durable").isPositive();
        Force second = intake.beginForce();
        second.run();
        second.end();
        assertThat(intake.durableSeq()).isEqualTo(2);
        assertThat(applied()).containsExactly(1, 2);
    }

    @Test void what_was_settled_meanwhile_is_not_undone_by_the_end_of_a_force() throws IOException {
        receive(1);
        Force late = intake.beginForce();
        receive(2);
        intake.settle();
        assertThat(intake.durableSeq()).isEqualTo(2);
        assertThat(intake.forcing()).isFalse();
        late.run();
        late.end();
        assertThat(intake.durableSeq()).isEqualTo(2);
        assertThat(applied()).containsExactly(1, 2);
    }

    @Test void a_settle_makes_durable_what_a_force_is_still_about_to() throws IOException {
        receive(1);
        intake.beginForce();
        disk.forcesFail = true;
        assertThatThrownBy(intake::settle).hasMessage("a force failed");
        assertThat(intake.durableSeq()).isZero();
        disk.forcesFail = false;
        intake.settle();
        assertThat(intake.durableSeq()).isEqualTo(1);
    }

    @Test void a_force_that_fails_leaves_all_of_it_to_be_made_durable() throws IOException {
        receive(1);
        Force failing = intake.beginForce();
        receive(2);
        disk.forcesFail = true;
        failing.run();
        assertThatThrownBy(() -> failing.end()).hasMessage("a force failed");
        assertThat(intake.durableSeq()).isZero();
        assertThat(applied()).isEmpty();
        disk.forcesFail = false;
        Force again = intake.beginForce();
        again.run();
        again.end();
        assertThat(applied()).containsExactly(1, 2);
    }

    @Test void what_the_journal_has_no_room_for_is_not_received_and_what_came_before_is_applied() throws IOException {
        receive(1);
        disk.full = true;
        assertThatThrownBy(() -> receive(2)).isInstanceOf(StoreFullException.class);
        assertThat(intake.receivedSeq()).isEqualTo(1);
        intake.settle();
        assertThat(applied()).containsExactly(1);
        disk.full = false;
        receive(2);
        intake.settle();
        assertThat(applied()).containsExactly(1, 2);
    }

    /** Each used to hold a buffer of 1 MiB until it was applied. */
    @Test void small_writes_that_come_during_a_long_force_share_buffers() throws IOException {
        receive(1);
        intake.beginForce();
        long before = buffers();
        for (int seq = 2; seq < 500; seq++) receive(seq);
        assertThat(buffers() - before).isLessThan(10);
        intake.settle();
        assertThat(applied()).hasSize(499);
    }

    private static long buffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(pool -> pool.getName().equals("direct"))
            .findFirst().orElseThrow().getCount();
    }
}
