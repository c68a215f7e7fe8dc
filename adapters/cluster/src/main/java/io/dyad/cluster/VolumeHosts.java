package io.dyad.cluster;

import io.dyad.domain.Access;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.replication.FramePipe;
import io.dyad.replication.HostSide.Admission;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.Shared;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.Standing;
import io.dyad.replication.StoredVolume;
import io.dyad.replication.Terms;
import io.dyad.replication.VolumeCuts;
import io.dyad.replication.VolumeStore;
import io.dyad.replication.Verification;
import io.dyad.replication.pairing.Coordinator;
import io.dyad.replication.pairing.Hosting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data plane of this process: every volume, open once it is needed, each pair with its runner. */
final class VolumeHosts implements Hosting, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.dyad.replication");
    private static final long SWITCH_TIMEOUT_NS = 35_000_000_000L;
    private final VolumeStore store;
    private final Set<VolumeId> inStore;
    private final Shared shared;
    private final Terms terms;
    private final PairRunner.Dialler dialler;
    private final Map<VolumeId, HostedVolume> hosted = new ConcurrentSkipListMap<>();
    private volatile @Nullable Coordinator coordinator;

    VolumeHosts(VolumeStore store, Shared shared, Terms terms, PairRunner.Dialler dialler) throws IOException {
        this.store = store;
        this.inStore = new HashSet<>(store.volumes());
        this.shared = shared;
        this.terms = terms;
        this.dialler = dialler;
    }

    @Override public Terms terms() { return terms; }

    void report(Coordinator to) { coordinator = to; }

    HostedVolume hosted(VolumeId id) {
        HostedVolume v = hosted.get(id);
        if (v == null) throw new RefusedException(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id + " does not exist");
        return v;
    }

    /** One that is not in the store is made now; the others are opened when someone needs them. */
    @Override public synchronized void host(Volume volume, boolean closed) {
        try {
            HostedVolume v = hosted.get(volume.id());
            if (v == null) {
                if (!inStore.contains(volume.id())) store.create(volume.id(), volume.sizeBytes()).close();
                inStore.add(volume.id());
                v = new HostedVolume(volume.id(), () -> open(volume.id()));
                hosted.put(volume.id(), v);
            }
            v.host(volume.sizeBytes(), closed, closed ? Admission.NOTHING : Admission.of(volume.access()));
        } catch (IOException e) {
            LOG.error("volume {} cannot be served: {}", volume.id(), e.getMessage());
            throw new UncheckedIOException("volume " + volume.id() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private ReplicatedVolume open(VolumeId id) throws IOException {
        StoredVolume stored = store.open(id);
        try {
            Set<UUID> cuts = new HashSet<>(stored.snapshots().names());
            ReplicatedVolume opened = ReplicatedVolume.open(id, stored, shared);
            Coordinator c = coordinator;
            if (c != null) c.opened(id, cuts);
            return opened;
        } catch (IOException | RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    /** Opens a volume unless it is open. */
    ReplicatedVolume opened(VolumeId id) {
        try {
            return hosted(id).volume();
        } catch (IOException e) {
            LOG.error("volume {} cannot be served: {}", id, e.getMessage());
            throw new UncheckedIOException("volume " + id + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override public synchronized void pair(VolumeId id, Optional<Wanted> wanted) {
        HostedVolume v = hosted(id);
        PairRunner runner = v.runner;
        try {
            if (runner != null && wanted.filter(w -> w.pair().equals(runner.wanted().pair())).isPresent()) {
                runner.want(wanted.get());
                return;
            }
            if (runner != null) unpair(v, runner);                // none any more, or another
            if (wanted.isPresent()) v.runner = start(v, wanted.get());
            v.unpairable(false);
        } catch (IOException e) {
            v.unpairable(wanted.isPresent());
            throw new UncheckedIOException("volume " + id + " cannot be paired: " + e.getMessage(), e);
        }
    }

    private PairRunner start(HostedVolume v, Wanted wanted) throws IOException {
        PairNews news = new PairNews(v.id(), wanted.pair(), () -> Objects.requireNonNull(coordinator), () -> settle(v));
        PairEndpoint endpoint = new PairEndpoint(v.volume(), wanted.pair(), wanted.wish().access(), news, UUID::randomUUID);
        return new PairRunner(endpoint, wanted, dialler, () -> {
            Coordinator c = coordinator;
            if (c != null) c.flowChanged();
        });
    }

    private static void unpair(HostedVolume v, PairRunner runner) throws IOException {
        runner.stop();
        v.alone();
    }

    @Override public synchronized void drop(VolumeId id) {
        HostedVolume v = hosted.remove(id);
        try {
            if (v != null) v.close();
            store.delete(id);
            inStore.remove(id);
        } catch (IOException e) {
            throw new UncheckedIOException("volume " + id + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    // ---- durable cuts ----

    @Override public void take(Map<VolumeId, UUID> names, boolean ship) throws IOException {
        Map<ReplicatedVolume, UUID> volumes = new HashMap<>();
        names.forEach((id, name) -> volumes.put(opened(id), name));
        VolumeCuts.take(volumes, ship);
    }

    @Override public void copy(VolumeId id, UUID of, UUID name) throws IOException { opened(id).cuts().copy(of, name); }

    @Override public void forget(VolumeId id, UUID name) throws IOException {
        HostedVolume v = hosted.get(id);
        if (v != null) v.volume().cuts().delete(name);
    }

    @Override public boolean isOpen(VolumeId id) {
        HostedVolume v = hosted.get(id);
        return v != null && v.isOpen();
    }

    @Override public Set<UUID> held(VolumeId id) { return opened(id).cuts().names(); }

    @Override public Optional<PairEndpoint.Status> status(VolumeId id) {
        HostedVolume v = hosted.get(id);
        return v == null ? Optional.empty() : Optional.ofNullable(v.status());
    }

    @Override public Standing standing(VolumeId id) {
        return hosted.containsKey(id) ? opened(id).standing() : Standing.none();
    }

    /** Compares both ends of a volume's pair; it ends at once where nothing is replicated now. */
    void verify(VolumeId id, Verification asked) {
        PairRunner runner = hosted(id).runner;
        if (runner == null) asked.fail("the volume is not replicated here now");
        else runner.verify(asked);
    }

    @Override public FramePipe.Receiver accept(VolumeId id, FramePipe pipe) throws LinkDownException {
        PairRunner runner = hosted(id).runner;
        if (runner == null) throw new LinkDownException("volume " + id + " is not replicated here now");
        return runner.accept(pipe);
    }

    /** Waits until the volume has taken this access; a switch of direction drains first. */
    void awaitAccess(VolumeId id, Access access) {
        PairRunner runner = hosted(id).runner;
        if (runner == null) return;
        try {
            if (!runner.awaitAdopted(access, SWITCH_TIMEOUT_NS)) LOG.warn("volume {} has not taken access {} in time", id, access.wire());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The volumes with blocks that reads have found damaged and that still are, with their number. */
    Map<VolumeId, Long> damaged() {
        Map<VolumeId, Long> damaged = new TreeMap<>();
        hosted.forEach((id, v) -> {
            try {
                long blocks = v.isOpen() ? v.volume().damagedBlocks() : 0;
                if (blocks > 0) damaged.put(id, blocks);
            } catch (IOException e) {
                LOG.error("volume {}: {}", id, e.getMessage());
            }
        });
        return damaged;
    }

    /** Ends one period of what is counted a second. */
    void sample(long nowNs) { hosted.values().forEach(v -> v.counters.sample(nowNs)); }

    /** What all volumes hold. */
    long allocatedBytes() throws IOException {
        long sum = 0;
        for (HostedVolume v : hosted.values()) sum += v.volume().allocatedBytes();
        return sum;
    }

    /** Lets go of what crash recovery needs no more, and folds layers left over. Now and then, for all volumes. */
    void settle() { hosted.values().forEach(VolumeHosts::settle); }

    private static void settle(HostedVolume v) {
        try {
            if (!v.isOpen()) return;
            v.volume().settle();
            if (v.runner == null) while (v.volume().fold()) Thread.onSpinWait();
        } catch (IOException e) {
            LOG.error("volume {}: {}", v.id(), e.getMessage());
        }
    }

    @Override public synchronized void close() {
        hosted.values().forEach(v -> {
            try {
                v.close();
            } catch (IOException | RuntimeException e) {
                LOG.error("volume {} did not close cleanly", v.id(), e);
            }
        });
        hosted.clear();
    }
}
