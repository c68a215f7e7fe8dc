package io.dyad.testkit.sim;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.domain.Snapshot;
import io.dyad.domain.VolumePairState;
import io.dyad.domain.VolumeState;
import io.dyad.testkit.sim.World.End;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** What operators ask of two paired clusters, at any moment, and how they put everything right in the end. */
final class Operators {
    /** Beyond so many snapshots, in the end, some are deleted. */
    private static final int CROWDED = 24;
    private final World w;
    private final Scheduler chance;
    private final Consumer<End> writes;

    /** {@code writes}: hosts write to both ends, where they may. */
    Operators(World w, Consumer<End> writes) {
        this.w = w;
        this.chance = w.time;
        this.writes = writes;
    }

    /** Everything that operators may do in a story. */
    void among(Mood mood) {
        mood.sometimes("snapshots", 3, () -> snapshots(any()))
            .always("resume", 2, () -> request(any(), e -> e.pause(false)))
            .sometimes("pause", 2, () -> request(any(), e -> e.pause(true)))
            .sometimes("failover", 3, () -> failOver(any()))
            .sometimes("access", 1, () -> request(any(), e -> e.access(Access.values()[chance.upTo(3)])))
            .sometimes("grow", 1, () -> request(any(), e -> e.grow(w.sizeBytes(e) + (1L << 20 + chance.upTo(3)))))
            .sometimes("delete", 1, () -> request(any(), e -> e.cluster.node().deleteVolume(e.id, SimCluster.TEST)))
            .always("restore", 2, () -> restore(any()))
            .sometimes("mode", 1, () -> request(any(), e -> e.mode(Mode.values()[chance.upTo(2)])))
            .sometimes("verify", 1, () -> verify(any()))
            .sometimes("unpair", 1, () -> unpair(any()))
            .always("pair", 1, this::pair)
            .sometimes("split brain", 1, this::splitBrain);
    }

    private End any() { return w.ends().get(chance.upTo(1)); }

    long pause() {
        return switch (chance.upTo(9)) {
            case 0, 1, 2, 3 -> 200 * Scheduler.MICROSECOND;
            case 4, 5, 6    -> 20 * Scheduler.MILLISECOND;
            case 7, 8       -> 500 * Scheduler.MILLISECOND;
            default         -> 6 * Scheduler.SECOND;
        };
    }

    private void request(End e, Consumer<End> what) {
        if (e.cluster.isAwake()) w.ask(() -> what.accept(e));
    }

    private void restore(End e) {
        if (e.cluster.isAwake() && e.cluster.node().view().volume(e.id) instanceof VolumeState.Deleted)
            w.ask(() -> e.cluster.node().restoreVolume(e.id, SimCluster.TEST));
    }

    /** Makes {@code to} the source, in either order, with any time between the two flips. */
    private void failOver(End to) {
        List<End> order = chance.oneIn(2) ? List.of(to, to.other()) : List.of(to.other(), to);
        for (End e : order) {
            request(e, x -> x.access(x == to ? Access.READ_WRITE : Access.REPLICATION_TARGET));
            w.run(chance.between(1, pause()));
        }
    }

    /** Both ends are written to apart; then one of them yields. */
    private void splitBrain() {
        if (chance.oneIn(2)) w.network.cut();
        w.ends().forEach(e -> request(e, x -> x.access(Access.READ_WRITE)));
        w.run(chance.between(1, pause()));
        writes.accept(any());
        w.run(chance.between(1, pause()));
        if (chance.oneIn(2)) w.network.heal();
        request(any(), e -> e.access(Access.REPLICATION_TARGET));
        w.run(chance.between(1, pause()));
        w.network.heal();
    }

    private void verify(End e) {
        if (e.cluster.isAwake()) w.verify(e, chance.oneIn(2));
    }

    // ---- snapshots ----

    private void snapshots(End e) {
        if (!e.cluster.isAwake()) return;
        List<Snapshot> there = e.snapshots().stream().filter(s -> s.phase() != Snapshot.Phase.PREPARING).toList();
        int what = there.isEmpty() ? 9 : chance.upTo(9);
        if (what < 3) delete(e, there.get(chance.upTo(there.size() - 1)));
        else if (what == 3) w.replicateLater(e, there.get(chance.upTo(there.size() - 1)));
        else {
            if (chance.oneIn(2)) writes.accept(e);       // so that it stands between writes, in a stream too
            if (e.cluster.isAwake()) w.snapshot(e, !chance.oneIn(3));
            if (chance.oneIn(2)) writes.accept(e);
        }
    }

    /** Nobody deletes what was kept for him before he has looked at it. */
    private void delete(End e, Snapshot s) {
        if (s.origin() != Snapshot.Origin.KEPT) w.ask(() -> e.cluster.coordinator().snapshots().delete(s.id(), SimCluster.TEST));
    }

    // ---- pairs ----

    private void unpair(End e) {
        if (!e.cluster.isAwake()) return;
        w.unpair(e);
        if (chance.oneIn(2) && e.other().cluster.isAwake()) w.unpair(e.other());
        w.run(chance.between(1, pause()));
        if (chance.oneIn(2)) pair();
    }

    private static Optional<UUID> pairOf(End e) {
        VolumePairState state = e.cluster.node().view().pairOf(e.id);
        boolean whole = state instanceof VolumePairState.Mirroring || state instanceof VolumePairState.Paused;
        return whole ? Optional.of(e.half().uuid()) : Optional.empty();
    }

    private boolean paired() { return pairOf(w.a).isPresent() && pairOf(w.a).equals(pairOf(w.b)); }

    private void pair() {
        if (!w.ends().stream().allMatch(e -> e.cluster.isAwake()) || paired()) return;
        for (End e : w.ends()) if (e.cluster.isAwake()) w.unpair(e);
        if (w.ends().stream().allMatch(e -> e.cluster.isAwake())) w.ask(() -> w.pairVolumes(any()));
    }

    // ---- how all of it ends ----

    /** Both volumes are there, as large as each other, paired, in Async and not paused, and replicate from this source. */
    void putRight(End source) {
        for (End e : w.ends()) {
            restore(e);
            thinOut(e);
            if (w.sizeBytes(e) < w.sizeBytes(e.other())) e.grow(w.sizeBytes(e.other()));
        }
        for (int tries = 0; !paired(); tries++) {
            if (tries == 30) throw new AssertionError("never paired again");
            pair();
            w.run(Scheduler.SECOND);
        }
        for (End e : w.ends()) {
            e.pause(false);
            e.mode(Mode.ASYNC);
            e.access(e == source ? Access.READ_WRITE : Access.REPLICATION_TARGET);
        }
    }

    private void thinOut(End e) {
        List<Snapshot> there = e.snapshots();
        for (int i = 0; i < there.size() - CROWDED; i++) delete(e, there.get(i));
    }
}
