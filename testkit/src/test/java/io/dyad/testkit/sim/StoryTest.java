package io.dyad.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.Snapshot;
import io.dyad.replication.Snapshots;
import io.dyad.testkit.sim.World.End;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two clusters from pairing to parting, told step by step. Another seed tells the same with other delays and other bytes. */
class StoryTest {
    private static final int MIB = 1 << 20;
    private static final String CROWDED = "PausedExceededMaxSnapshotCount";
    private final long seed = Long.getLong("dyad.seed", 7);
    private final World w = new World(seed);
    private final End east = w.a;
    private final End west = w.b;

    private interface Story {
        void tell();
    }

    private void tell(Story story) {
        try {
            story.tell();
        } catch (Throwable t) {
            throw new AssertionError("again: mvn -pl testkit -am test -Dtest=StoryTest -Dsurefire.failIfNoSpecifiedTests=false -Ddyad.seed=" + seed + "\n" + w.story(), t);
        }
    }

    private void shows(End end, String... states) {
        assertThat(w.until(() -> end.cluster.isUp() && Set.of(states).contains(end.state()), 60)).as("%s comes to %s, is %s", end.cluster.name(), Set.of(states), end.state()).isTrue();
    }

    private void inSync() {
        assertThat(w.until(w::bothActive, 120)).as("both Active; east %s, west %s", east.state(), west.state()).isTrue();
        w.inspect();
    }

    /** East holds data and is paired with west, which dials. */
    private void paired() {
        w.start();
        for (int i = 0; i < 40; i++) w.write(east, (long) i * MIB, 64 << 10, false);
        w.write(west, 3 * MIB, 8192, false);
        w.pairClusters(east);
        w.pairVolumes(east);
        west.access(Access.REPLICATION_TARGET);
    }

    /** And in sync. */
    private void mirrored() {
        paired();
        inSync();
        w.expectEqual();
    }

    private void writes(End end, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(w.write(end, w.time.upTo(3000) * 4096L, 4096 << w.time.upTo(5), false)).isTrue();
            w.run(w.time.between(1, 2 * Scheduler.MILLISECOND));
        }
    }

    private static void same(Map<Integer, Long> content, Map<Integer, Long> expected) {
        assertThat(content.equals(expected)).as("the content is the same").isTrue();
    }

    /** In sync once more, and what that took. */
    private long shippedUntilInSync(int resyncsBefore) {
        inSync();
        assertThat(w.until(() -> w.resyncs.size() > resyncsBefore, 10)).as("a resynchronisation is told").isTrue();
        return w.resyncs.getLast().blocks();
    }

    @Test void two_volumes_become_a_pair_and_wait_for_a_direction() {
        tell(() -> {
            w.start();
            w.pairClusters(east);
            w.pairVolumes(west);
            shows(east, "PausedMisconfigured");
            shows(west, "PausedMisconfigured");
            assertThat(east.half().uuid()).isEqualTo(west.half().uuid());
        });
    }

    @Test void a_first_sync_loses_no_write_that_arrives_meanwhile() {
        tell(() -> {
            paired();
            shows(east, "ResumingConnected");
            writes(east, 50);
            inSync();
            assertThat(w.until(() -> east.content().equals(west.content()), 10)).isTrue();
            writes(east, 50);
            inSync();
            assertThat(w.until(() -> east.content().equals(west.content()), 10)).isTrue();
            assertThat(w.resyncs.getFirst().reason()).isEqualTo("first-sync");
            assertThat(w.resyncs.subList(1, w.resyncs.size())).as("a small ring may overflow").allSatisfy(r -> assertThat(r.reason()).isEqualTo("overload"));
        });
    }

    @Test void a_first_sync_that_a_crash_of_its_source_broke_off_starts_over_in_either_direction() {
        tell(() -> {
            w.start();
            for (int i = 0; i < 40; i++) w.write(east, (long) i * MIB, 64 << 10, true);
            w.run(11 * Scheduler.SECOND);
            w.network.nsPerByte = 500;
            w.pairClusters(east);
            w.pairVolumes(east);
            west.access(Access.REPLICATION_TARGET);
            shows(west, "ResumingDataTransfer");
            east.cluster.crash(SimCrash.Kind.KILL);
            east.cluster.start();
            east.access(Access.REPLICATION_TARGET);
            west.access(Access.READ_WRITE);
            inSync();
            w.expectEqual();
        });
    }

    @Test void every_write_is_acknowledged_as_durable_without_another_to_follow_it() {
        tell(() -> {
            mirrored();
            w.run(Scheduler.SECOND);
            west.cluster.stepNs = 50 * Scheduler.MILLISECOND;                    // so that all come before the target's next step
            for (int i = 0; i < 16; i++) w.write(east, (long) i * MIB, 64 << 10, false);
            w.run(Scheduler.SECOND);
            assertThat(east.cluster.disk(east.id).orElseThrow().dirtyBlocks()).isZero();
        });
    }

    @Test void resuming_after_a_pause_ships_only_what_was_written_meanwhile() {
        tell(() -> {
            mirrored();
            for (End pausing : w.ends()) {
                pausing.pause(true);
                shows(pausing, "PausedManual");
                shows(pausing.other(), "PausedManualRemote");
                w.run(100 * Scheduler.MILLISECOND);
                int before = w.resyncs.size();
                for (int i = 0; i < 5; i++) w.write(east, (100 + i) * 4096L, 4096, false);
                w.run(Scheduler.SECOND);
                assertThat(east.content().equals(west.content())).isFalse();
                pausing.pause(false);
                assertThat(shippedUntilInSync(before)).isEqualTo(5);
                w.expectEqual();
            }
        });
    }

    @Test void a_cut_link_heals_by_itself_and_ships_only_what_was_written_meanwhile() {
        tell(() -> {
            mirrored();
            w.run(100 * Scheduler.MILLISECOND);
            int before = w.resyncs.size();
            w.network.cut();
            shows(east, "PausedDisconnected");
            shows(west, "PausedDisconnected");
            for (int i = 0; i < 300; i++) w.write(east, (100 + i % 7) * 4096L, 4096, false);
            w.run(Scheduler.SECOND);
            w.network.heal();
            assertThat(shippedUntilInSync(before)).isEqualTo(7);
            w.expectEqual();
        });
    }

    @Test void a_planned_failover_and_failback_with_the_source_flipped_first_loses_nothing() { tell(() -> switched(true)); }

    @Test void a_planned_failover_and_failback_with_the_target_flipped_first_loses_nothing() { tell(() -> switched(false)); }

    private void switched(boolean sourceFirst) {
        mirrored();
        End source = east;
        for (int turn = 0; turn < 2; turn++) {
            End target = source.other();
            for (int i = 0; i < 200; i++) assertThat(w.write(source, w.time.upTo(3000) * 4096L, 4096 << w.time.upTo(5), false)).isTrue();
            var last = source.content();
            if (sourceFirst) source.access(Access.REPLICATION_TARGET);
            else target.access(Access.READ_WRITE);
            if (w.time.oneIn(2)) {
                shows(source, "PausedMisconfigured");
                shows(target, "PausedMisconfigured");
            }
            if (sourceFirst) target.access(Access.READ_WRITE);
            else source.access(Access.REPLICATION_TARGET);
            assertThat(w.until(() -> target.cluster.writable(target.id), 60)).isTrue();
            int before = w.resyncs.size();               // the drain may have caught up by an epoch
            same(target.content(), last);
            assertThat(shippedUntilInSync(before)).as("shipped after the switch").isZero();
            writes(target, 20);
            source = target;
        }
        assertThat(w.until(() -> east.content().equals(west.content()), 10)).isTrue();
    }

    @Test void after_an_unplanned_failover_the_promoted_end_is_what_both_hold() {
        tell(() -> {
            mirrored();
            writes(east, 20);
            w.network.cut();
            w.write(east, 5 * MIB, 16 << 10, true);
            west.access(Access.READ_WRITE);
            assertThat(w.until(() -> w.write(west, 9 * MIB, 4096, true), 60)).isTrue();
            writes(west, 20);
            var survivor = west.content();
            w.network.heal();
            shows(east, "PausedMisconfigured");
            shows(west, "PausedMisconfigured");
            int before = w.resyncs.size();
            east.access(Access.REPLICATION_TARGET);
            assertThat(shippedUntilInSync(before)).isLessThan(1000);
            w.expectEqual();
            same(west.content(), survivor);
        });
    }

    @Test void a_removed_volume_pair_stops_the_other_end_for_good_and_leaves_the_data() {
        tell(() -> {
            mirrored();
            var content = west.content();
            east.cluster.node().removeVolumePair(east.id, SimCluster.TEST);
            shows(east, "Unconfigured");
            shows(west, "StoppedMisconfigured");
            w.run(100 * Scheduler.MILLISECOND);
            w.write(east, 0, 4096, false);
            w.run(5 * Scheduler.SECOND);
            same(west.content(), content);
            west.cluster.node().removeVolumePair(west.id, SimCluster.TEST);
            var pair = east.cluster.node().view().clusterPairs().firstKey();
            east.cluster.coordinator().clusters().remove(pair, SimCluster.TEST);
            assertThat(w.until(() -> w.statusOf(west).equals("Misconfigured"), 60)).isTrue();
        });
    }

    @Test void either_end_may_stop_or_crash_at_any_time_and_both_come_back() {
        tell(() -> {
            mirrored();
            for (int turn = 0; turn < 12; turn++) {
                End end = w.ends().get(turn % 2);
                writes(east, 10);
                switch (turn % 3) {
                    case 0  -> end.cluster.stop();
                    case 1  -> end.cluster.crash(SimCrash.Kind.KILL);
                    default -> end.cluster.crash(SimCrash.Kind.POWER);
                }
                w.look();
                w.inspect();
                w.run(w.time.between(1, 3 * Scheduler.SECOND));
                end.cluster.start();
                inSync();
                assertThat(w.until(() -> east.content().equals(west.content()), 10)).isTrue();
            }
            assertThat(w.resyncs).filteredOn(r -> r.reason().equals("first-sync")).hasSize(1);
        });
    }

    @Test void a_target_whose_snapshots_leave_no_room_for_the_source_s_holds_up_both_ends_until_one_is_deleted() {
        tell(() -> {
            mirrored();
            west.snapshots().forEach(this::delete);
            crowd();
            shows(east, CROWDED);
            shows(west, CROWDED);
            w.run(2 * Scheduler.SECOND);
            assertThat(w.until(() -> !east.state().equals(CROWDED) || !west.state().equals(CROWDED), 5)).as("they show anything else; east %s, west %s", east.state(), west.state()).isFalse();
            assertThat(west.snapshots()).hasSize(Snapshots.MAX);
            delete(west.snapshots().getFirst());
            arrives();
        });
    }

    @Test void what_an_earlier_resync_kept_leaves_room_for_the_source_s_snapshot() {
        tell(() -> {
            mirrored();
            assertThat(kept()).hasSize(1);
            Snapshot earlier = kept().getFirst();
            crowd();
            arrives();
            assertThat(kept()).hasSize(1).doesNotContain(earlier);
        });
    }

    /** West has one place left, which is for a snapshot of east, when it is told that what it has written will be overwritten. */
    private void crowd() {
        while (west.snapshots().size() < Snapshots.MAX - 1) w.snapshot(west, false);
        w.network.cut();
        west.access(Access.READ_WRITE);
        assertThat(w.until(() -> west.cluster.writable(west.id), 60)).isTrue();
        writes(west, 5);
        w.snapshot(east, true);
        west.access(Access.REPLICATION_TARGET);
        w.network.heal();
    }

    private void delete(Snapshot s) { west.cluster.coordinator().snapshots().delete(s.id(), SimCluster.TEST); }

    private List<Snapshot> kept() { return west.snapshots().stream().filter(s -> s.origin() == Snapshot.Origin.KEPT).toList(); }

    private void arrives() {
        inSync();
        w.expectEqual();
        assertThat(w.until(() -> w.snapshotsAreThere(east), 10)).as("the snapshot is on both ends").isTrue();
        assertThat(west.snapshots()).hasSize(Snapshots.MAX);
    }
}
