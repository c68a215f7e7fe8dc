package io.dyad.testkit.sim;

import io.dyad.domain.Access;
import io.dyad.domain.Milestone;
import io.dyad.domain.Mode;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.replication.BadFrameException;
import io.dyad.replication.DamagedBlockException;
import io.dyad.replication.Force;
import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.HostSide;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.PairListener;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.RingBudget;
import io.dyad.replication.Shared;
import io.dyad.replication.Standing;
import io.dyad.replication.StoredVolume;
import io.dyad.replication.Verification;
import io.dyad.replication.VolumeCuts;
import io.dyad.replication.pairing.Hosting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The data plane of one cluster: opens its volumes and steps their endpoints, one at a time, when something happened or time passed. */
final class SimHosting implements Hosting {
    private static final long POLL_NS = 20 * Scheduler.MILLISECOND;
    private final SimCluster owner;
    private final Scheduler time;
    private final Shared shared;
    private final Map<Long, Hosted> hosted = new TreeMap<>();
    private int names;

    SimHosting(SimCluster owner, Scheduler time) {
        this.owner = owner;
        this.time = time;
        this.shared = new Shared(new RingBudget(owner.ringBytes()));
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void must(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the owner thread of a pair does it: what a disk in trouble makes of it is told and gone on from. */
    private void attempt(Step step) {
        try {
            step.run();
        } catch (IOException | UncheckedIOException e) {
            excuse(e);
        }
    }

    private void excuse(Exception e) {
        owner.trace("failed: " + e);
        if (!SimTrouble.explains(e)) throw new IllegalStateException("failed on a sound disk", e);
    }

    Optional<ReplicatedVolume> volume(VolumeId id) { return Optional.ofNullable(hosted.get(id.value())).map(h -> h.volume); }

    /** Draws nothing from chance, so that what an endpoint names does not change the story. */
    private UUID freshName() { return new UUID(time.nowNs(), (long) owner.name().hashCode() << 32 | ++names); }

    /** Lets go of write intents, as a host does now and then. */
    void settle() {
        hosted.values().forEach(h -> attempt(h.volume::settle));
    }

    /** Closes everything in order. */
    void close() {
        hosted.values().forEach(h -> attempt(h::part));
        hosted.values().forEach(h -> attempt(h.volume::close));
        hosted.clear();
    }

    @Override public void take(Map<VolumeId, UUID> names, boolean ship) throws IOException {
        Map<ReplicatedVolume, UUID> all = new HashMap<>();
        for (var e : names.entrySet()) all.put(opened(e.getKey()), e.getValue());
        VolumeCuts.take(all, ship);
    }

    @Override public void copy(VolumeId id, UUID of, UUID name) throws IOException { opened(id).cuts().copy(of, name); }

    @Override public void forget(VolumeId id, UUID name) throws IOException { opened(id).cuts().delete(name); }

    private ReplicatedVolume opened(VolumeId id) throws IOException {
        return volume(id).orElseThrow(() -> new SimTrouble.DiskError("volume " + id + " could not be opened"));
    }

    @Override public boolean isOpen(VolumeId id) { return hosted.containsKey(id.value()); }

    @Override public Set<UUID> held(VolumeId id) { return volume(id).orElseThrow().cuts().names(); }

    @Override public void host(Volume volume, boolean closed) {
        Hosted h = hosted.computeIfAbsent(volume.id().value(), n -> open(volume));
        must(() -> {
            if (h.volume.sizeBytes() < volume.sizeBytes()) h.volume.grow(volume.sizeBytes());
        });
        h.access = closed ? Access.LOCKED : volume.access();
        if (h.endpoint == null) h.volume.host().admit(h.wanted == null ? HostSide.Admission.of(h.access) : HostSide.Admission.NOTHING);
        else if (h.access != Access.READ_WRITE && h.volume.host().admission() == HostSide.Admission.WRITE) h.volume.host().admit(HostSide.Admission.READ);
    }

    private Hosted open(Volume volume) {
        try {
            SimStore store = owner.store();
            boolean known = store.volumes().contains(volume.id());
            StoredVolume stored = known ? store.open(volume.id()) : store.create(volume.id(), volume.sizeBytes());
            try {
                return new Hosted(ReplicatedVolume.open(volume.id(), owner.sabotage().volume(stored), shared));
            } catch (IOException e) {
                stored.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override public void pair(VolumeId id, Optional<Wanted> wanted) {
        Hosted h = java.util.Objects.requireNonNull(hosted.get(id.value()));
        Wanted before = h.wanted;
        if (before != null && wanted.filter(w -> w.pair().equals(before.pair())).isEmpty()) {
            attempt(h::part);
            must(h.volume::leave);
            h.volume.host().admit(HostSide.Admission.of(h.access));
        }
        wanted.ifPresent(h::join);
    }

    @Override public void drop(VolumeId id) {
        Hosted h = hosted.remove(id.value());
        must(() -> {
            if (h != null) {
                h.part();
                h.volume.close();
            }
            owner.store().delete(id);
        });
    }

    @Override public Optional<PairEndpoint.Status> status(VolumeId id) {
        return Optional.ofNullable(hosted.get(id.value())).map(h -> h.endpoint).map(PairEndpoint::status);
    }

    /** How the volume's pair is to replicate, as far as this end has been told. */
    Optional<Mode> mode(VolumeId id) { return Optional.ofNullable(hosted.get(id.value())).map(h -> h.wanted).map(w -> w.wish().mode()); }

    void verify(VolumeId id, Verification wanted) {
        Hosted h = hosted.get(id.value());
        PairEndpoint end = h == null ? null : h.endpoint;
        if (h == null || end == null) wanted.fail("not paired");
        else {
            end.verify(wanted);
            h.wake();
        }
    }

    @Override public Standing standing(VolumeId id) { return volume(id).map(ReplicatedVolume::standing).orElse(Standing.none()); }

    @Override public FramePipe.Receiver accept(VolumeId id, FramePipe pipe) throws LinkDownException {
        Hosted h = hosted.get(id.value());
        PairEndpoint end = h == null ? null : h.endpoint;
        if (h == null || end == null || !end.wantsPipe(time.nowNs())) throw new LinkDownException("volume " + id + " wants no pipe now");
        Ear ear = new Ear(h, end);
        ear.opened(owner.sabotage().pipe(pipe));
        return ear;
    }

    /** One open volume and, while it is paired, its endpoint. */
    private final class Hosted {
        final ReplicatedVolume volume;
        Access access = Access.LOCKED;
        @Nullable PairEndpoint endpoint;
        @Nullable Wanted wanted;
        private PairEndpoint.@Nullable Flow told;
        private boolean awake;
        private int dials;

        Hosted(ReplicatedVolume volume) {
            this.volume = volume;
            volume.onWrite(this::wake);
            volume.onDamage(this::asked);
        }

        void join(Wanted now) {
            wanted = now;
            if (endpoint == null) volume.host().admit(HostSide.Admission.NOTHING);
            must(() -> {
                if (endpoint == null) {
                    endpoint = new PairEndpoint(volume, now.pair(), now.wish().access(), new Notes(now), SimHosting.this::freshName);
                    poll(endpoint);
                }
            });
            PairEndpoint end = java.util.Objects.requireNonNull(endpoint);
            attempt(() -> end.wish(owner.sabotage().wish(now.wish()), time.nowNs()));
            noticed();
            wake();
        }

        void part() throws IOException {
            PairEndpoint end = endpoint;
            try {
                if (end != null) end.stop();
            } finally {
                endpoint = null;
                wanted = null;
            }
        }

        private void poll(PairEndpoint end) {
            if (endpoint != end) return;
            wake();
            time.at(time.nowNs() + POLL_NS, owner.alive(), () -> poll(end));
        }

        /** The other end is asked for a damaged block; whoever reads it does not wait, and comes again. */
        private boolean asked(DamagedBlockException damaged) {
            PairEndpoint end = endpoint;
            if (end != null) end.heal(damaged, () -> { });
            wake();
            return false;
        }

        void wake() {
            if (awake) return;
            awake = true;
            time.soon(owner.stepNs(), owner.alive(), this::turn);
        }

        private void turn() {
            awake = false;
            PairEndpoint end = endpoint;
            Wanted now = wanted;
            if (end == null || now == null) return;
            if (now.dials() && wantsToDial(end)) dial(end, now);
            attempt(() -> {
                if (end.step(time.nowNs())) wake();
            });
            force(end);
            long dueNs = end.dueNs(time.nowNs(), time.nowNs() + POLL_NS);
            if (dueNs < time.nowNs() + POLL_NS) time.at(Math.max(dueNs, time.nowNs() + Scheduler.MILLISECOND), owner.alive(), this::wake);
            noticed();
        }

        /** What was received by now is durable; it is known a while later, when more has come. */
        private void force(PairEndpoint end) {
            attempt(() -> {
                Force force = end.force(time.nowNs());
                if (force == null) return;
                force.run();
                time.soon(owner.stepNs(), owner.alive(), () -> {
                    attempt(() -> end.forced(force, time.nowNs()));
                    wake();
                });
            });
        }

        private boolean wantsToDial(PairEndpoint end) {
            Sabotage sabotage = owner.sabotage();
            return (end.wantsPipe(time.nowNs()) || sabotage.dialsAnyway(end.status())) && !sabotage.dialsNoMore(dials);
        }

        private void dial(PairEndpoint end, Wanted now) {
            dials++;
            Ear ear = new Ear(this, end);
            try {
                ear.opened(owner.sabotage().pipe(owner.port().openPipe(now.clusterPair(), now.pair(), ear)));
            } catch (LinkDownException e) {
                end.unreachable(time.nowNs());
            }
        }

        void noticed() {
            PairEndpoint end = endpoint;
            if (end == null || end.status().flow() == told) return;
            told = end.status().flow();
            owner.trace("flow " + told + " as " + end.status().role());
            owner.coordinator().flowChanged();
        }

        private final class Notes implements PairListener {
            private final Wanted pair;

            Notes(Wanted pair) { this.pair = pair; }

            @Override public void milestone(Milestone milestone, String detail) {
                owner.trace("milestone " + milestone + " " + detail);
                if (milestone == Milestone.FENCE_DRAINED) owner.drained();
                owner.coordinator().milestone(volume.id(), pair.pair(), milestone, detail);
            }

            @Override public void resynced(String reason, long blocks, long payloadBytes, long digestBytes, long tookNs) {
                owner.trace("resync " + reason + ": " + blocks + " blocks, " + payloadBytes + " bytes, digests " + digestBytes + " bytes");
                owner.resynced(reason, blocks, payloadBytes);
            }

            @Override public void snapshotShipped(UUID snapshot) { owner.trace("snapshot " + snapshot + " shipped"); }

            @Override public void snapshotArrived(UUID snapshot) { owner.coordinator().snapshotArrived(volume.id(), snapshot); }

            @Override public void snapshotKept(UUID snapshot, long blocks, Optional<UUID> gone) { owner.coordinator().snapshotKept(volume.id(), snapshot, blocks, gone); }

            @Override public void failed(String what, Exception cause) {
                if (cause instanceof BadFrameException) owner.trace("failed: " + what + ": " + cause);
                else excuse(cause);
            }
        }
    }

    /** Where one pipe's frames go: the endpoint it was opened for. */
    private final class Ear implements FramePipe.Receiver {
        private final Hosted h;
        private final PairEndpoint end;
        private @Nullable FramePipe pipe;

        Ear(Hosted h, PairEndpoint end) {
            this.h = h;
            this.end = end;
        }

        void opened(FramePipe fresh) {
            pipe = fresh;
            attempt(() -> end.opened(fresh, time.nowNs()));
            h.noticed();
            h.wake();
        }

        @Override public void frame(Frame frame) {
            FramePipe from = pipe;
            if (from == null) throw new IllegalStateException("a frame before the pipe was open");
            attempt(() -> end.frame(from, frame, time.nowNs()));
            h.noticed();
            h.wake();
        }

        @Override public void closed(String why) {
            FramePipe gone = pipe;
            if (gone == null) return;
            attempt(() -> end.closed(gone, time.nowNs()));
            h.noticed();
            h.wake();
        }
    }
}
