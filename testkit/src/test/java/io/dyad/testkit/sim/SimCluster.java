package io.dyad.testkit.sim;

import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumeState;
import io.dyad.replication.HostSide;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.pairing.ClusterNode;
import io.dyad.replication.pairing.ClusterPairing;
import io.dyad.replication.pairing.Coordinator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One cluster: what its disks and its log keep, and while it runs, the product on top. It can end at any operation and start again. */
final class SimCluster {
    static final Cause TEST = new Cause("admin", "test");

    /** What hears of a cluster's turns. */
    interface Watch {
        void resynced(SimCluster where, String reason, long blocks, long payloadBytes);

        /** A source has drained before a switch. */
        void drained();

        /** The process has ended; {@code kind} empty: in order. */
        void ended(SimCluster where, Optional<SimCrash.Kind> kind);

        void trace(String line);
    }

    private record Running(SimHosting hosting, Coordinator coordinator) { }

    private final String name;
    private final String uniqueId;
    private final Scheduler time;
    private final SimNetwork network;
    private final Watch watch;
    private final Sabotage sabotage;
    private final SimStore store;
    private final SimEventLog log;
    private final SimNetwork.Port port;
    private int life;
    private long fuse = -1;
    private SimCrash.Kind fate = SimCrash.Kind.KILL;
    private boolean falling;
    private long awakeNs;
    private long frozenNs;
    private @Nullable Running running;
    int ringBytes = 4 << 20;
    long stepNs = 200 * Scheduler.MICROSECOND;

    SimCluster(String name, String uniqueId, Scheduler time, SimNetwork network, Sabotage sabotage, Watch watch) {
        this.name = name;
        this.uniqueId = uniqueId;
        this.time = time;
        this.network = network;
        this.watch = watch;
        this.sabotage = sabotage;
        this.store = new SimStore(new SimTrouble(time) {
            @Override void tick() { SimCluster.this.tick(); }

            @Override void slow(long forNs) { freeze(forNs); }
        });
        this.log = new SimEventLog(this, time);
        this.port = network.port(this, name + ":1");
    }

    String name() { return name; }

    String uniqueId() { return uniqueId; }

    String mvip() { return name + ".mvip"; }

    SimStore store() { return store; }

    Sabotage sabotage() { return sabotage; }

    SimNetwork.Port port() { return port; }

    int ringBytes() { return ringBytes; }

    long stepNs() { return stepNs; }

    boolean isUp() { return running != null && !falling; }

    Coordinator coordinator() { return now().coordinator; }

    SimHosting hosting() { return now().hosting; }

    ClusterNode node() { return coordinator().node(); }

    private Running now() {
        Running now = running;
        if (now == null) throw new IllegalStateException(name + " does not run");
        return now;
    }

    /** Of the process that asks now. */
    Scheduler.Life alive() {
        int asked = life;
        return new Scheduler.Life() {
            @Override public boolean alive() { return life == asked; }

            @Override public long awakeNs() { return awakeNs; }
        };
    }

    /** Stands still for so long, its memory kept and its connections open, and goes on as if nothing had been. */
    void freeze(long forNs) {
        if (awakeNs <= time.nowNs()) frozenNs = time.nowNs();
        awakeNs = Math.max(awakeNs, time.nowNs() + forNs);
    }

    /** When it last came to itself again, or will. */
    long awokeNs() { return awakeNs; }

    /** How long it will go on standing still. */
    long stillNs() { return Math.max(0, awakeNs - time.nowNs()); }

    /** It does what it is asked; a frozen process does not. */
    boolean isAwake() { return isUp() && awakeNs <= time.nowNs(); }

    /** How long it has been standing still now. */
    long silentNs() { return awakeNs <= time.nowNs() ? 0 : time.nowNs() - frozenNs; }

    void trace(String line) { watch.trace(name + ": " + line); }

    void resynced(String reason, long blocks, long payloadBytes) { watch.resynced(this, reason, blocks, payloadBytes); }

    void drained() { watch.drained(); }

    // ---- life and death ----

    /** One operation on disk, log or wire; the last one when the fuse has burnt down. */
    void tick() {
        if (falling) throw new SimCrash(this);
        if (fuse >= 0 && fuse-- == 0) {
            falling = true;
            throw new SimCrash(this);
        }
    }

    /** It will end after this many more operations. */
    void light(long operations, SimCrash.Kind kind) {
        fuse = operations;
        fate = kind;
    }

    /** Ends now. */
    void crash(SimCrash.Kind kind) {
        fate = kind;
        crashed();
    }

    void crashed() {
        trace("crash by " + fate);
        end();
        store.crash(fate, time.dice);
        watch.ended(this, Optional.of(fate));
    }

    private void end() {
        life++;
        awakeNs = 0;
        fuse = -1;
        falling = false;
        running = null;
        log.crash();
        network.gone(this);
    }

    /** Ends in order; a disk that a failed sync has stopped keeps no more of it than of a power cut. */
    void stop() {
        trace("stop");
        boolean stopped = store.stopped();
        Running now = now();
        now.coordinator.close();
        now.hosting.close();
        end();
        watch.ended(this, stopped || store.stopped() ? Optional.of(SimCrash.Kind.POWER) : Optional.empty());
    }

    void start() { start(-1); }

    /** {@code operations}: it will not survive more than these; -1: it will. */
    void start(long operations) {
        light(operations, SimCrash.Kind.KILL);
        if (running != null) throw new IllegalStateException(name + " runs already");
        trace("start");
        SimHosting hosting = new SimHosting(this, time);
        Coordinator coordinator = new Coordinator(log, hosting, time, (delayNs, task) -> time.at(time.nowNs() + delayNs + time.between(1, 3 * Scheduler.MILLISECOND), alive(), task));
        running = new Running(hosting, coordinator);
        port.listen(coordinator);
        coordinator.start(name, uniqueId, port, new ClusterPairing.Address(mvip(), name + ":1", "0.1"));
        every(Scheduler.SECOND, coordinator::tick);
        every(5 * Scheduler.SECOND, hosting::settle);
    }

    private void every(long periodNs, Runnable what) {
        time.at(time.nowNs() + periodNs, alive(), () -> {
            what.run();
            every(periodNs, what);
        });
    }

    // ---- what a client sees ----

    Optional<Volume> volume(VolumeId id) {
        return switch (node().view().volume(id)) {
            case VolumeState.Active s  -> Optional.of(s.volume());
            case VolumeState.Deleted s -> Optional.of(s.volume());
            case VolumeState.Absent s  -> Optional.empty();
            case VolumeState.Purged s  -> Optional.empty();
        };
    }

    /** remoteReplication.state. */
    String state(VolumeId id) { return volume(id).map(v -> coordinator().shown(v).state()).orElse("none"); }

    Optional<ReplicatedVolume> disk(VolumeId id) { return running == null ? Optional.empty() : running.hosting.volume(id); }

    boolean writable(VolumeId id) { return isAwake() && disk(id).filter(d -> d.host().admission() == HostSide.Admission.WRITE).isPresent(); }
}
