package io.dyad.replication.pairing;

import io.dyad.domain.Access;
import io.dyad.domain.ClusterPairState.Paired;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairState;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.domain.VolumeState;
import io.dyad.replication.PairEndpoint.Role;
import io.dyad.replication.SnapshotPlan;
import io.dyad.replication.Wish;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * States what each volume and its end of a pair shall be, from all that is known now: always the whole wish, so that saying it
 * again changes nothing. One volume that is sick holds up no other; it is tried again at each tick. Any thread, one at a time.
 */
final class Reconciler {
    private final View view;
    private final Hosting hosting;
    private final SnapshotExchange exchange;
    private final Links links;
    private final ReentrantLock desk = new ReentrantLock();
    private final Set<VolumeId> sick = ConcurrentHashMap.newKeySet();
    private final Map<VolumeId, Long> alone = new ConcurrentHashMap<>();

    Reconciler(View view, Hosting hosting, SnapshotExchange exchange, Links links) {
        this.view = view;
        this.hosting = hosting;
        this.exchange = exchange;
        this.links = links;
    }

    /** As {@link #reconcile}, but a sick volume is only noted. */
    void take(VolumeId id) {
        try {
            reconcile(id);
            sick.remove(id);
        } catch (UncheckedIOException e) {
            sick.add(id);
        }
    }

    void takeAll() { view.volumes().keySet().forEach(this::take); }

    void tick() { sick.forEach(this::take); }

    /** False of a volume whose files cannot be opened. */
    boolean opens(VolumeId id) {
        if (sick.contains(id)) return false;
        try {
            hosting.held(id);
            return true;
        } catch (UncheckedIOException e) {
            sick.add(id);
            return false;
        }
    }

    void reconcile(VolumeId id) {
        desk.lock();
        try {
            Volume volume;
            boolean deleted = view.volume(id) instanceof VolumeState.Deleted;
            switch (view.volume(id)) {
                case VolumeState.Active s  -> volume = s.volume();
                case VolumeState.Deleted s -> volume = s.volume();
                case VolumeState.Absent s  -> { return; }
                case VolumeState.Purged s  -> { return; }
            }
            hosting.host(volume, deleted || view.busy(id));
            hosting.pair(id, view.half(id).filter(h -> view.clusterPair(h.cluster()) instanceof Paired).map(h -> wanted(volume, deleted, h)));
        } finally {
            desk.unlock();
        }
    }

    private Hosting.Wanted wanted(Volume volume, boolean deleted, Half half) {
        Paired cluster = (Paired) view.clusterPair(half.cluster());
        String hold = Direction.hold(facts(volume, deleted, half));
        Role role = Direction.role(volume.access(), half.peer().access());
        Access access = deleted ? Access.LOCKED : volume.access();
        Wish wish = new Wish(access, role, !hold.isEmpty(), hold, half.mode().mode(), PairTerms.of(volume.attributes(), hosting.terms()),
            new SnapshotPlan(role == Role.SOURCE ? exchange.ship(volume.id()) : List.of(), exchange.expected(volume.id()), exchange.spare(volume.id())));
        return new Hosting.Wanted(half.uuid(), cluster.uuid(), cluster.dials(), wish);
    }

    /** All that decides what a volume's replication does and shows. */
    Direction.Facts facts(Volume volume, boolean deleted, Half half) {
        VolumePairState state = view.pairOf(volume.id());
        String phase = exchange.ends().phase(half.uuid());
        return new Direction.Facts(volume, deleted, half, state instanceof VolumePairState.Paused, state instanceof VolumePairState.Severed,
            links.isUp(View.uuidOf(view.clusterPair(half.cluster()))), phase, exchange.overfull(volume.id(), Direction.role(volume.access(), half.peer().access())));
    }

    /**
     * True when some volume whose other end is open for writing too has become the only holder of blocks since it was asked last, or
     * ceased to be: no event tells.
     */
    boolean turnedAway() { return view.volumes().keySet().stream().filter(this::turnedAway).count() > 0; }

    private boolean turnedAway(VolumeId id) {
        boolean both = view.half(id).filter(h -> h.peer().access() == Access.READ_WRITE).isPresent()
            && view.volume(id) instanceof VolumeState.Active v && v.volume().access() == Access.READ_WRITE;
        long now = both ? hosting.standing(id).alone() : 0;
        Long before = both ? alone.put(id, now) : alone.remove(id);
        return both && (before == null || before != now);
    }
}
