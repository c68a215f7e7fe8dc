package io.dyad.replication.pairing;

import io.dyad.domain.Access;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.ClusterPairState;
import io.dyad.domain.ClusterPairState.Paired;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumePairState;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.domain.VolumeState;
import io.dyad.replication.Overload;
import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.PairEndpoint.Role;
import io.dyad.replication.PairEndpoint.Status;
import io.dyad.replication.pairing.Coordinator.RemoteSnapshot;
import io.dyad.replication.pairing.Coordinator.Shown;
import java.util.Optional;

/** What the API shows of replication: of what is true now, never from memory. Any thread. */
final class Display {
    private static final Status NOT_YET = new Status(Access.LOCKED, Role.NONE, Flow.APART, false, "", Overload.NONE, 0, 0, 0);
    private final View view;
    private final Hosting hosting;
    private final SnapshotExchange exchange;
    private final Links links;
    private final Reconciler reconciler;

    Display(View view, Hosting hosting, SnapshotExchange exchange, Links links, Reconciler reconciler) {
        this.view = view;
        this.hosting = hosting;
        this.exchange = exchange;
        this.links = links;
        this.reconciler = reconciler;
    }

    Shown volume(Volume volume) {
        Status status = hosting.status(volume.id()).orElse(NOT_YET);
        Optional<Half> half = view.half(volume.id());
        if (half.isEmpty()) return new Shown("Unconfigured", "", false, status);
        Direction.Facts facts = reconciler.facts(volume, view.volume(volume.id()) instanceof VolumeState.Deleted, half.get());
        String details = Direction.bothWrite(facts, status) ? Direction.details(hosting.standing(volume.id()), exchange.ends().standing(half.get().uuid())) : "";
        return new Shown(Direction.state(facts, status), details, facts.linked(), status);
    }

    String clusterPair(ClusterPairId id) {
        return switch (view.clusterPair(id)) {
            case ClusterPairState.Offered s  -> "Unconfigured";
            case ClusterPairState.Joining s  -> "Unconfigured";
            case Paired s                    -> links.isUp(s.uuid()) ? "Connected" : "Disconnected";
            case ClusterPairState.Orphaned s -> "Misconfigured";
            case ClusterPairState.Absent s   -> "Unconfigured";
            case ClusterPairState.Removed s  -> "Unconfigured";
        };
    }

    Optional<RemoteSnapshot> remote(Snapshot s) {
        if (!s.terms().replicated() || !(view.volume(s.volume()) instanceof VolumeState.Active v)) return Optional.empty();
        return view.half(s.volume()).filter(h -> !(view.pairOf(s.volume()) instanceof VolumePairState.Severed)).map(h -> {
            boolean moving = hosting.status(s.volume()).filter(st -> st.flow() != Flow.APART).isPresent();
            boolean linked = links.isUp(View.uuidOf(view.clusterPair(h.cluster())));
            return new RemoteSnapshot(h.uuid(), exchange.remote(s, Direction.role(v.volume().access(), h.peer().access()), linked, moving).wire());
        });
    }
}
