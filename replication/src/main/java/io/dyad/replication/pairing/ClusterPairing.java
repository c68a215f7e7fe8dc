package io.dyad.replication.pairing;

import io.dyad.domain.ClusterCommand.ReleaseClusterPair;
import io.dyad.domain.ClusterCommand.ReserveClusterPair;
import io.dyad.domain.ClusterEvent.ClusterPairReserved;
import io.dyad.domain.ClusterPairCommand.AbandonClusterPair;
import io.dyad.domain.ClusterPairCommand.AcceptClusterPair;
import io.dyad.domain.ClusterPairCommand.ConfirmClusterPair;
import io.dyad.domain.ClusterPairCommand.JoinClusterPair;
import io.dyad.domain.ClusterPairCommand.NotePeerCluster;
import io.dyad.domain.ClusterPairCommand.OfferClusterPair;
import io.dyad.domain.ClusterPairCommand.OrphanClusterPair;
import io.dyad.domain.ClusterPairCommand.RemoveClusterPair;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.ClusterPairState;
import io.dyad.domain.ClusterPairState.Joining;
import io.dyad.domain.ClusterPairState.Orphaned;
import io.dyad.domain.ClusterPairState.Paired;
import io.dyad.domain.ClusterState;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.PeerCluster;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.pairing.PeerMessage.Introduction;
import io.dyad.replication.pairing.PeerMessage.Join;
import io.dyad.replication.pairing.PeerMessage.Joined;
import io.dyad.replication.pairing.PeerMessage.Refused;
import io.dyad.replication.pairing.PeerNetwork.Credential;
import io.dyad.replication.pairing.PeerNetwork.Offer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How two clusters become a pair: steps on both, each durable before the next, idempotent by the pair's UUID.
 *
 * <pre>
 *   starter:   reserve, Offered ── key, by hand ──>  completer: reserve, Joining
 *   starter:   Paired           <── Join, proven ──  completer
 *   starter    ── Joined ──>                         completer: Paired, and it dials from now on
 * </pre>
 */
public final class ClusterPairing {
    /** A started pairing and the secret half of its key. */
    public record Started(ClusterPairId id, UUID uuid, Credential credential) { }

    private final ClusterNode node;
    private final View view;
    private final PeerNetwork network;
    private final Ticker ticker;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Address address;

    /** Where clients and peers reach this cluster, and what it runs. */
    public record Address(String mvip, String link, String version) { }

    ClusterPairing(ClusterNode node, PeerNetwork network, Ticker ticker, Address address) {
        this.node = node;
        this.view = node.view();
        this.network = network;
        this.ticker = ticker;
        this.address = address;
    }

    public Started start(Cause cause) {
        ClusterPairId id = reserve(cause);
        UUID uuid = ticker.freshUuid();
        Credential credential = network.offer(uuid);
        node.execute(new OfferClusterPair(id, uuid), cause);
        return new Started(id, uuid, credential);
    }

    private ClusterPairId reserve(Cause cause) { return node.reserve(new ReserveClusterPair(), cause, e -> ((ClusterPairReserved) e).id()); }

    /** CompleteClusterPairing; {@code uniqueId} and {@code mvip} are the starter's, from the key. */
    public ClusterPairId complete(Offer offer, String uniqueId, String mvip, Cause cause) {
        ClusterPairId id = join(offer, uniqueId, mvip, cause);
        try {
            switch (network.introduce(offer, new Join(introduction(offer.clusterPair(), id)))) {
                case Joined j -> node.execute(new ConfirmClusterPair(id, peer(j.starter())), cause);
                case Refused r -> throw new RefusedException(Refusal.valueOf(r.refusal()), r.detail());
                case PeerMessage other -> throw new RefusedException(Refusal.PEER_UNREACHABLE, "the other cluster answered " + other.getClass().getSimpleName());
            }
        } catch (RefusedException e) {
            abandon(id, offer.clusterPair(), cause);
            throw e;
        } catch (LinkDownException e) {
            abandon(id, offer.clusterPair(), cause);
            throw new RefusedException(Refusal.PEER_UNREACHABLE, "the cluster at " + mvip + " did not answer: " + e.getMessage());
        }
        keep(id);
        return id;
    }

    private ClusterPairId join(Offer offer, String uniqueId, String mvip, Cause cause) {
        oneAtATime.lock();
        try {
            if (uniqueId.equals(view.formed().identity().uniqueId()))
                throw new RefusedException(Refusal.INVALID_KEY, "Pairing a cluster with itself is not permitted.");
            for (Map.Entry<ClusterPairId, ClusterPairState> e : view.clusterPairs().entrySet()) {
                if (e.getValue() instanceof Joining j && j.uuid().equals(offer.clusterPair())) return e.getKey();
                if (peerOf(e.getValue()).filter(uniqueId::equals).isPresent() || e.getValue() instanceof Joining j && j.uniqueId().equals(uniqueId))
                    throw new RefusedException(Refusal.PAIRING_ALREADY_EXISTS, "A pairing with cluster " + uniqueId + " already exists");
            }
            ClusterPairId id = reserve(cause);
            node.execute(new JoinClusterPair(id, offer.clusterPair(), uniqueId, mvip), cause);
            return id;
        } finally {
            oneAtATime.unlock();
        }
    }

    private void abandon(ClusterPairId id, UUID uuid, Cause cause) {
        node.execute(new AbandonClusterPair(id), cause);
        node.execute(new ReleaseClusterPair(id), cause);
        network.forget(uuid);
    }

    /** The starter's side: a completer has proved the key. */
    PeerMessage introduced(UUID uuid, Join join) {
        oneAtATime.lock();
        try {
            Introduction completer = join.completer();
            Optional<ClusterPairId> id = view.clusterPair(uuid);
            if (id.isEmpty()) return new Refused(Refusal.INVALID_KEY.name(), "the key is not known here any more");
            boolean exists = view.clusterPairs().entrySet().stream().filter(e -> !e.getKey().equals(id.get())).map(Map.Entry::getValue)
                .anyMatch(s -> peerOf(s).filter(completer.uniqueId()::equals).isPresent() || comesFirst(s, completer.uniqueId()));
            if (exists) return new Refused(Refusal.PAIRING_ALREADY_EXISTS.name(), "A pairing with cluster " + completer.name() + " already exists");
            node.execute(new AcceptClusterPair(id.get(), peer(completer)), new Cause("peer " + completer.name(), "Join"));
            return new Joined(introduction(uuid, id.get()));
        } catch (RefusedException e) {
            return new Refused(e.refusal().name(), String.valueOf(e.getMessage()));
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Both ends completing each other's key at once: the lower uniqueID's completion wins. */
    private boolean comesFirst(ClusterPairState state, String completer) {
        return state instanceof Joining j && j.uniqueId().equals(completer) && view.formed().identity().uniqueId().compareTo(completer) < 0;
    }

    private static Optional<String> peerOf(ClusterPairState state) {
        return switch (state) {
            case Paired s   -> Optional.of(s.peer().uniqueId());
            case Orphaned s -> Optional.of(s.peer().uniqueId());
            case ClusterPairState.Absent s  -> Optional.empty();
            case ClusterPairState.Offered s -> Optional.empty();
            case Joining s                  -> Optional.empty();
            case ClusterPairState.Removed s -> Optional.empty();
        };
    }

    /** RemoveClusterPair: this end only; the other is told when it can be reached. */
    public void remove(ClusterPairId id, Cause cause) {
        ClusterPairState before = view.clusterPair(id);
        node.execute(new RemoveClusterPair(id), cause);
        node.execute(new ReleaseClusterPair(id), cause);
        UUID uuid = View.uuidOf(before);
        try {
            if (before instanceof Paired) network.call(uuid, new PeerMessage.Leaving(uuid));
        } catch (LinkDownException e) {
            // it learns of it when it next knocks and is not known
        }
        network.forget(uuid);
    }

    void orphaned(UUID uuid) {
        view.clusterPair(uuid).ifPresent(id -> node.execute(new OrphanClusterPair(id), new Cause("peer", "Leaving")));
    }

    void noted(ClusterPairId id, Introduction now) {
        node.execute(new NotePeerCluster(id, peer(now)), new Cause("peer " + now.name(), "Report"));
    }

    /** Keeps the link of a pair that both ends agreed on. */
    void keep(ClusterPairId id) {
        if (view.clusterPair(id) instanceof Paired p) network.keep(p.uuid(), p.peer().link(), p.dials());
    }

    /** After a start: takes up every link again, and forgets the half-made keys of pairs that are gone. */
    void resume() { view.clusterPairs().keySet().forEach(this::keep); }

    Introduction introduction(UUID uuid, ClusterPairId id) {
        ClusterState.Identity own = view.formed().identity();
        return new Introduction(uuid, id.value(), own.uuid(), own.uniqueId(), own.name(), address.mvip(), address.link(), address.version());
    }

    private static PeerCluster peer(Introduction i) {
        return new PeerCluster(i.clusterUuid(), i.uniqueId(), i.name(), i.mvip(), i.link(), i.version(), i.clusterPairId());
    }
}
