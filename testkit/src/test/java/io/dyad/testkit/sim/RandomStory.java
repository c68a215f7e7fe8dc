package io.dyad.testkit.sim;

import io.dyad.domain.Access;
import io.dyad.replication.Verification;
import io.dyad.testkit.sim.World.End;
import io.dyad.testkit.sim.check.Root;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;

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
    private final Operators operators;
    private final Mood mood;
    private boolean rots;

    RandomStory(long seed) { this(seed, Sabotage.NONE); }

    RandomStory(long seed, Sabotage sabotage) {
        w = new World(seed, sabotage);
        chance = w.time;
        faults = new Faults(w);
        operators = new Operators(w, this::writes);
        mood = new Mood(chance);
    }

    String trace() { return w.story(); }

    void tell() {
        setTheScene();
        for (int step = 0; step < STEPS; step++) {
            happen();
            if (!chance.oneIn(4)) w.run(chance.between(1, operators.pause()));
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
        among();
        w.trace("a story of " + mood.words());
    }

    private void among() {
        mood.always("write", 12, () -> writes(any()))
            .always("zero", 2, () -> zero(any()))
            .always("flush", 2, () -> w.flush(any()))
            .always("read", 1, () -> read(any()))
            .always("quiet", 2, this::quiet);
        rots = chance.oneIn(4);
        operators.among(mood);
        faults.among(mood);
        if (rots) mood.always("bit rot", 2, faults::rot);
    }

    private End any() { return w.ends().get(chance.upTo(1)); }

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

    private void read(End e) {
        int blocks = 1 + chance.upTo(31);
        long offsetBytes = place(e, blocks);
        List<UUID> snapshots = List.copyOf(e.stored().snapshots.keySet());
        if (snapshots.isEmpty() || chance.oneIn(2)) w.read(e, offsetBytes, blocks * 4096);
        else w.read(e, snapshots.get(chance.upTo(snapshots.size() - 1)), (int) (offsetBytes / 4096), blocks);
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
        operators.putRight(source);
        come(() -> w.bothActive() && w.alike(), "in sync and equal");
        if (rots) makeWhole(source);
        writes(source);
        come(() -> w.bothActive() && w.equal(), "equal after more writes");
        w.run(2 * Scheduler.SECOND);
        w.expectAgreement();
        come(() -> w.snapshotsAreThere(source), "with all its snapshots on the target");
        switch (chance.upTo(15)) {
            case 0, 1, 2 -> partAndMeet(source);
            case 3       -> compare(source);
            default      -> { }
        }
        int before = w.resyncs.size();
        w.network.reset();
        come(() -> w.resyncs.size() > before && w.bothActive(), "in sync after a reset");
        if (w.payloadBytes() != 0) throw new AssertionError("nothing was dirty and " + w.payloadBytes() + " bytes were shipped");
        w.inspect();
    }

    /** What has rotted is found and healed, each end from the other. What nobody holds, or the source could not read while it was in doubt, is written anew. */
    private void makeWhole(End source) {
        w.trace("---- what has rotted is healed ----");
        compareAndRepair(source);
        come(() -> w.ends().stream().allMatch(e -> rotten(e).stream().allMatch(block -> w.isLost(block) || e == source && w.isInDoubt(block))), "whole again");
        rotten().stream().forEach(block -> w.write(source, 4096L * block, 4096, false));
        come(() -> w.bothActive() && w.equal() && source.cluster.disk(source.id).orElseThrow().dirtyBlocks() == 0, "equal after what had rotted was healed");
        w.trace("---- more rots, and nothing is in doubt ----");
        w.ends().forEach(faults::rot);
        if (chance.oneIn(2)) rotten(source).stream().forEach(block -> w.read(source, 4096L * block, 4096));
        else compareAndRepair(chance.oneIn(2) ? source : source.other());
        come(() -> rotten(source).isEmpty(), "healed from the target");
        compareAndRepair(source);
        come(() -> w.ends().stream().allMatch(e -> rotten(e).isEmpty()) && w.equal(), "whole on both ends");
        w.ends().forEach(e -> e.stored().snapshots.forEach((name, s) -> mendable(e, s).stream().forEach(block -> w.read(e, name, block, 1))));
        come(() -> w.ends().stream().allMatch(e -> e.stored().snapshots.values().stream().allMatch(s -> mendable(e, s).isEmpty())), "whole in all snapshots");
    }

    /** Blocks of a snapshot that have rotted and that the other end holds whole, now or in a snapshot. */
    private static BitSet mendable(End e, SimVolume.Snapshot snapshot) {
        SimVolume there = e.other().stored();
        List<BlockTable> copies = new ArrayList<>(there.snapshots.values().stream().map(SimVolume.Snapshot::content).toList());
        copies.add(there.now);
        BitSet mendable = new BitSet();
        e.stored().rotten(snapshot.content()).stream()
            .filter(block -> copies.stream().anyMatch(c -> !there.isRotten(c, block) && c.get(block).print() == snapshot.content().get(block).print())).forEach(mendable::set);
        return mendable;
    }

    private void compareAndRepair(End asker) { compared(asker, true); }

    /** Asks again while another comparison is under way. */
    private Verification.Result compared(End asker, boolean repair) {
        Verification[] asked = {w.verify(asker, repair)};
        come(() -> {
            if (!asked[0].failure().isEmpty()) asked[0] = w.verify(asker, repair);
            return asked[0].result().isPresent();
        }, "compared");
        return asked[0].result().orElseThrow();
    }

    private BitSet rotten() {
        BitSet all = rotten(w.a);
        all.or(rotten(w.b));
        return all;
    }

    private static BitSet rotten(End e) { return e.stored().rotten(e.stored().now); }

    /** Both ends are written to apart, which is shown; then one is chosen. */
    private void partAndMeet(End source) {
        w.trace("---- both ends are written to ----");
        source.other().access(Access.READ_WRITE);
        come(() -> w.ends().stream().allMatch(e -> e.cluster.writable(e.id)), "open for writing on both ends");
        w.ends().forEach(e -> w.write(e, 4096L * chance.upTo(200), 4096, false));
        writes(source);
        come(() -> w.ends().stream().allMatch(World.End::showsDivergence), "shown to have diverged");
        End winner = any();
        BlockTable survives = winner.stored().now.copy();
        winner.other().access(Access.REPLICATION_TARGET);
        come(() -> w.bothActive() && w.equal(), "equal after a split brain");
        w.run(2 * Scheduler.SECOND);
        if (!winner.stored().now.same(survives)) throw new AssertionError("the end that was chosen does not hold what it held");
        come(winner.other()::keepsWhatItHeld, "with a snapshot of what the other end had written");
    }

    private void compare(End source) {
        w.trace("---- both ends are compared ----");
        Verification.Result found = compared(chance.oneIn(2) ? source : source.other(), false);
        String root = Root.of(w.sizeBytes(source), source.stored().now.blocks());
        if (!found.root().equals(root)) throw new AssertionError("the root of the content is " + root + " and not " + found);
    }

    private void come(java.util.function.BooleanSupplier end, String what) {
        if (!w.until(end, CALM_SECONDS))
            throw new AssertionError("never " + what + ": " + w.a.cluster.name() + " " + w.a.state() + ", " + w.b.cluster.name() + " " + w.b.state() + ", " + w.difference());
    }
}
