package io.dyad.testkit.sim;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumeState;
import io.dyad.testkit.sim.World.End;
import java.util.List;

/**
 * One story that chance tells: writes, faults and requests on two paired clusters, while the judge watches; in the end all
 * faults stop, and whatever happened the two ends must come to the same content without shipping it whole again.
 */
final class RandomStory {
    private static final int STEPS = 120;
    private static final long CALM_SECONDS = 60;
    private final World w;
    private final Scheduler chance;
    private final Faults faults;
    private final Mood mood;

    RandomStory(long seed) { this(seed, Sabotage.NONE); }

    RandomStory(long seed, Sabotage sabotage) {
        w = new World(seed, sabotage);
        chance = w.time;
        faults = new Faults(w);
        mood = new Mood(chance);
    }

    String trace() { return w.story(); }

    void tell() {
        setTheScene();
        for (int step = 0; step < STEPS; step++) {
            happen();
            if (!chance.oneIn(4)) w.run(chance.between(1, pause()));
            if (chance.oneIn(4)) w.inspect();
        }
        settle();
    }

    private void setTheScene() {
        w.network.nsPerByte = 0.2 * (1 << chance.upTo(7));
        w.network.latencyNs = 50 * Scheduler.MICROSECOND << chance.upTo(9);
        for (End e : w.ends()) {
            e.cluster.ringBytes = 32 << 10 << chance.upTo(6);
            e.cluster.stepNs = 10_000L << chance.upTo(9);
        }
        w.start();
        for (int i = chance.upTo(60); i > 0; i--) write(any());
        w.pairClusters(any());
        w.pairVolumes(any());
        any().access(Access.REPLICATION_TARGET);
        operators();
        faults.among(mood);
        w.trace("a story of " + mood.words());
    }

    private void operators() {
        mood.always("write", 12, () -> writes(any()))
            .always("zero", 2, () -> zero(any()))
            .always("flush", 2, () -> w.flush(any()))
            .always("quiet", 2, this::quiet)
            .always("resume", 2, () -> request(any(), e -> e.pause(false)))
            .sometimes("pause", 2, () -> request(any(), e -> e.pause(true)))
            .sometimes("failover", 3, () -> failOver(any()))
            .sometimes("access", 1, () -> request(any(), e -> e.access(Access.values()[chance.upTo(3)])))
            .sometimes("grow", 1, () -> request(any(), e -> e.grow(w.sizeBytes(e) + (1L << 20 + chance.upTo(3)))))
            .sometimes("delete", 1, () -> request(any(), e -> e.cluster.node().deleteVolume(e.id, SimCluster.TEST)))
            .always("restore", 2, () -> restore(any()))
            .sometimes("mode", 1, () -> request(any(), e -> e.mode(Mode.values()[chance.upTo(2)])));
    }

    private End any() { return w.ends().get(chance.upTo(1)); }

    private long pause() {
        return switch (chance.upTo(9)) {
            case 0, 1, 2, 3 -> 200 * Scheduler.MICROSECOND;
            case 4, 5, 6    -> 20 * Scheduler.MILLISECOND;
            case 7, 8       -> 500 * Scheduler.MILLISECOND;
            default         -> 6 * Scheduler.SECOND;
        };
    }

    // ---- what may happen ----

    private void happen() {
        for (End e : w.ends()) if (!e.cluster.isUp() && chance.oneIn(3)) faults.start(e, chance.oneIn(4) ? chance.upTo(30) : -1);
        mood.act();
    }

    private void writes(End e) {
        for (int i = chance.oneIn(3) ? chance.upTo(40) : 1; i > 0; i--) {
            write(e);
            write(e.other());
            if (chance.oneIn(8)) w.run(chance.between(1, 300 * Scheduler.MICROSECOND));
        }
    }

    private void write(End e) {
        if (!e.cluster.writable(e.id)) return;
        int blocks = chance.oneIn(4) ? 1 + chance.upTo(63) : 1 + chance.upTo(5);
        boolean odd = chance.oneIn(6);
        long offsetBytes = place(e, blocks) + (odd ? 512L * chance.upTo(7) : 0);
        int lengthBytes = odd ? Math.max(512, (blocks - 1) * 4096 - 512 * chance.upTo(7)) : blocks * 4096;
        w.write(e, offsetBytes, lengthBytes, chance.oneIn(6));
    }

    private void zero(End e) {
        if (!e.cluster.writable(e.id)) return;
        int blocks = 1 + chance.upTo(63);
        w.zero(e, place(e, blocks), blocks * 4096);
    }

    /** Mostly among few blocks, so that writes overlap; at times where a region or the volume ends. */
    private long place(End e, int blocks) {
        return 4096L * switch (chance.upTo(9)) {
            case 0  -> SimVolume.REGION_BLOCKS - chance.upTo(64);
            case 1  -> 3000 + chance.upTo(300);
            case 2  -> w.sizeBytes(e) / 4096 - blocks - chance.upTo(64);
            default -> chance.upTo(200);
        };
    }

    private void request(End e, java.util.function.Consumer<End> what) {
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

    /** A while without writes; when the two ends come to agree, nothing before counts as to be shipped any more. */
    private void quiet() {
        w.until(() -> w.bothActive() && w.equal(), 10);
        w.run(2 * Scheduler.SECOND);
        w.inspect();
    }

    // ---- how it ends ----

    private void settle() {
        w.trace("---- all faults stop ----");
        faults.end();
        End source = w.ends().stream().filter(e -> e.cluster.writable(e.id)).findFirst().orElse(any());
        for (End e : w.ends()) {
            restore(e);
            if (w.sizeBytes(e) < w.sizeBytes(e.other())) e.grow(w.sizeBytes(e.other()));
            e.pause(false);
            e.mode(Mode.ASYNC);
            e.access(e == source ? Access.READ_WRITE : Access.REPLICATION_TARGET);
        }
        come(() -> w.bothActive() && w.equal(), "in sync and equal");
        writes(source);
        come(() -> w.bothActive() && w.equal(), "equal after more writes");
        w.run(2 * Scheduler.SECOND);
        w.expectAgreement();
        int before = w.resyncs.size();
        w.network.reset();
        come(() -> w.resyncs.size() > before && w.bothActive(), "in sync after a reset");
        if (w.payloadBytes() != 0) throw new AssertionError("nothing was dirty and " + w.payloadBytes() + " bytes were shipped");
        w.inspect();
    }

    private void come(java.util.function.BooleanSupplier end, String what) {
        if (!w.until(end, CALM_SECONDS))
            throw new AssertionError("never " + what + ": " + w.a.cluster.name() + " " + w.a.state() + ", " + w.b.cluster.name() + " " + w.b.state() + ", " + w.difference());
    }
}
