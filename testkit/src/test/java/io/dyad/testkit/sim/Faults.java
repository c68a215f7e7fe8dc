package io.dyad.testkit.sim;

import io.dyad.testkit.sim.World.End;

/** What may go wrong with processes, wire and disks, and how all of it ends. */
final class Faults {
    private final World w;
    private final Scheduler chance;

    Faults(World w) {
        this.w = w;
        this.chance = w.time;
    }

    /** Every fault that a story may have. */
    void among(Mood mood) {
        mood.sometimes("cut", 2, () -> told("cut", w.network::cut))
            .sometimes("one-way cut", 2, () -> told("one-way cut", () -> w.network.cutTowards(any().cluster)))
            .sometimes("reset", 2, w.network::reset)
            .sometimes("damage", 1, () -> w.network.framesDamaged = 20 + chance.upTo(200))
            .sometimes("delay", 1, () -> w.network.jitterNs = chance.between(1, 100 * Scheduler.MILLISECOND))
            .sometimes("lost answers", 1, () -> w.network.answersLost = 5 + chance.upTo(30))
            .sometimes("crash", 4, this::crash)
            .sometimes("freeze", 2, this::freeze)
            .sometimes("full disk", 1, () -> told("full disk", () -> disk().full = true))
            .sometimes("read errors", 1, () -> told("read errors", () -> disk().readsFail = 3 + chance.upTo(30)))
            .sometimes("write errors", 1, () -> told("write errors", () -> disk().writesFail = 3 + chance.upTo(100)))
            .sometimes("sync errors", 1, () -> told("sync errors", () -> disk().syncsFail = 3 + chance.upTo(50)))
            .sometimes("slow syncs", 1, () -> disk().slowSyncNs = chance.between(1, 2 * Scheduler.SECOND))
            .always("mend wire", 2, this::mendWire)
            .always("mend disks", 2, this::mendDisks);
    }

    private End any() { return w.ends().get(chance.upTo(1)); }

    private SimTrouble disk() { return any().cluster.store().trouble(); }

    private void told(String what, Runnable fault) {
        w.trace("fault: " + what);
        fault.run();
    }

    /** Bits turn in some blocks of a disk. */
    void rot() { rot(any()); }

    void rot(End e) {
        int first = chance.upTo(200);
        for (int block = first; block < first + 4; block++) if (w.rot(e, block)) w.trace("fault: block " + block + " rots on " + e.cluster.name());
    }

    private void crash() {
        End e = any();
        if (!e.cluster.isUp()) return;
        SimCrash.Kind kind = chance.oneIn(2) ? SimCrash.Kind.KILL : SimCrash.Kind.POWER;
        if (chance.oneIn(8) && e.cluster.isAwake()) w.guarded(e.cluster::stop);
        else if (chance.oneIn(2)) e.cluster.crash(kind);
        else e.cluster.light(chance.upTo(200), kind);
        w.look();
    }

    private void freeze() {
        End e = any();
        if (!e.cluster.isUp()) return;
        long forNs = chance.between(1, 20 * Scheduler.SECOND);
        e.cluster.trace("stands still for " + forNs / Scheduler.MILLISECOND + " ms");
        e.cluster.freeze(forNs);
    }

    private void mendWire() {
        w.network.heal();
        w.network.framesDamaged = 0;
        w.network.jitterNs = 0;
        w.network.answersLost = 0;
    }

    /** An operator puts the disk right, and starts anew what a failed sync has stopped. */
    private void mendDisks() { w.ends().forEach(this::mendDisk); }

    private void mendDisk(End e) {
        e.cluster.store().trouble().heal();
        if (!e.cluster.store().stopped() || !e.cluster.isAwake()) return;
        e.cluster.trace("is started anew, for a sync failed");
        w.guarded(e.cluster::stop);
        w.look();
        if (!e.cluster.isUp()) start(e, -1);
    }

    void start(End e, long operations) {
        w.guarded(() -> e.cluster.start(operations));
        w.look();
    }

    /** All faults stop. */
    void end() {
        mendWire();
        for (End e : w.ends()) {
            e.cluster.store().trouble().heal();
            e.cluster.light(-1, SimCrash.Kind.KILL);
            w.run(e.cluster.stillNs());
            mendDisk(e);
            if (!e.cluster.isUp()) start(e, -1);
        }
    }
}
