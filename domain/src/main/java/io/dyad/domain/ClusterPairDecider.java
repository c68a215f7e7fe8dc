package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;
import static io.dyad.domain.Decision.refuse;
import static io.dyad.domain.Refusal.CLUSTER_PAIR_IN_USE;
import static io.dyad.domain.Refusal.INVALID_KEY;
import static io.dyad.domain.Refusal.PAIRING_ALREADY_EXISTS;
import static io.dyad.domain.Refusal.PAIRING_DOES_NOT_EXIST;

import io.dyad.domain.ClusterPairCommand.AbandonClusterPair;
import io.dyad.domain.ClusterPairCommand.AcceptClusterPair;
import io.dyad.domain.ClusterPairCommand.AttachVolume;
import io.dyad.domain.ClusterPairCommand.ConfirmClusterPair;
import io.dyad.domain.ClusterPairCommand.DetachVolume;
import io.dyad.domain.ClusterPairCommand.JoinClusterPair;
import io.dyad.domain.ClusterPairCommand.NotePeerCluster;
import io.dyad.domain.ClusterPairCommand.OfferClusterPair;
import io.dyad.domain.ClusterPairCommand.OrphanClusterPair;
import io.dyad.domain.ClusterPairCommand.RemoveClusterPair;
import io.dyad.domain.ClusterPairCommand.ReportLink;
import io.dyad.domain.ClusterPairEvent.ClusterPairAbandoned;
import io.dyad.domain.ClusterPairEvent.ClusterPairAccepted;
import io.dyad.domain.ClusterPairEvent.ClusterPairConfirmed;
import io.dyad.domain.ClusterPairEvent.ClusterPairJoining;
import io.dyad.domain.ClusterPairEvent.ClusterPairOffered;
import io.dyad.domain.ClusterPairEvent.ClusterPairOrphaned;
import io.dyad.domain.ClusterPairEvent.ClusterPairRemoved;
import io.dyad.domain.ClusterPairEvent.LinkReported;
import io.dyad.domain.ClusterPairEvent.PeerClusterNoted;
import io.dyad.domain.ClusterPairEvent.VolumeAttached;
import io.dyad.domain.ClusterPairEvent.VolumeDetached;
import io.dyad.domain.ClusterPairState.Absent;
import io.dyad.domain.ClusterPairState.Joining;
import io.dyad.domain.ClusterPairState.Offered;
import io.dyad.domain.ClusterPairState.Orphaned;
import io.dyad.domain.ClusterPairState.Paired;
import io.dyad.domain.ClusterPairState.Removed;
import java.util.HashSet;
import java.util.Set;

/** The rules of one half of a cluster pair (Element 12.x API: Start-, CompleteClusterPairing, RemoveClusterPair). */
public final class ClusterPairDecider implements Decider<ClusterPairState, ClusterPairCommand, ClusterPairEvent> {
    @Override public ClusterPairState initial() { return new Absent(); }

    @Override public Decision<ClusterPairEvent> decide(ClusterPairState state, ClusterPairCommand command) {
        return switch (state) {
            case Absent s   -> whenAbsent(command);
            case Offered s  -> whenOffered(command);
            case Joining s  -> whenJoining(s, command);
            case Paired s   -> whenPaired(s, command);
            case Orphaned s -> whenOrphaned(s, command);
            case Removed s  -> missing(command);
        };
    }

    private static Decision<ClusterPairEvent> whenAbsent(ClusterPairCommand command) {
        return switch (command) {
            case OfferClusterPair c   -> append(new ClusterPairOffered(c.id(), c.uuid()));
            case JoinClusterPair c    -> append(new ClusterPairJoining(c.id(), c.uuid(), c.uniqueId(), c.mvip()));
            case AcceptClusterPair c  -> refuse(INVALID_KEY, "no pairing was started with this key");
            case ConfirmClusterPair c -> missing(c);
            case AbandonClusterPair c -> missing(c);
            case NotePeerCluster c    -> missing(c);
            case AttachVolume c       -> missing(c);
            case DetachVolume c       -> missing(c);
            case OrphanClusterPair c  -> missing(c);
            case ReportLink c         -> missing(c);
            case RemoveClusterPair c  -> missing(c);
        };
    }

    private static Decision<ClusterPairEvent> whenOffered(ClusterPairCommand command) {
        return switch (command) {
            case OfferClusterPair c   -> refuse(PAIRING_ALREADY_EXISTS, "pairing " + c.id() + " already exists");
            case JoinClusterPair c    -> refuse(INVALID_KEY, "Pairing a cluster with itself is not permitted.");
            case AcceptClusterPair c  -> append(new ClusterPairAccepted(c.id(), c.peer()));
            case ConfirmClusterPair c -> refuse(INVALID_KEY, "pairing " + c.id() + " was started here, not completed");
            case AbandonClusterPair c -> append(new ClusterPairAbandoned(c.id()));
            case NotePeerCluster c    -> nothing();
            case AttachVolume c       -> refuse(Refusal.MVIP_NOT_PAIRED, "cluster pair " + c.id() + " is not completed");
            case DetachVolume c       -> nothing();
            case OrphanClusterPair c  -> nothing();
            case ReportLink c         -> nothing();
            case RemoveClusterPair c  -> append(new ClusterPairRemoved(c.id()));
        };
    }

    private static Decision<ClusterPairEvent> whenJoining(Joining s, ClusterPairCommand command) {
        return switch (command) {
            case OfferClusterPair c   -> refuse(PAIRING_ALREADY_EXISTS, "pairing " + c.id() + " already exists");
            case JoinClusterPair c when c.uuid().equals(s.uuid()) -> nothing();        // the same key again, after a crash
            case JoinClusterPair c    -> refuse(PAIRING_ALREADY_EXISTS, "pairing " + c.id() + " already exists");
            case AcceptClusterPair c  -> refuse(INVALID_KEY, "pairing " + c.id() + " was not started here");
            case ConfirmClusterPair c -> append(new ClusterPairConfirmed(c.id(), c.peer()));
            case AbandonClusterPair c -> append(new ClusterPairAbandoned(c.id()));
            case NotePeerCluster c    -> nothing();
            case AttachVolume c       -> refuse(Refusal.MVIP_NOT_PAIRED, "cluster pair " + c.id() + " is not completed");
            case DetachVolume c       -> nothing();
            case OrphanClusterPair c  -> nothing();
            case ReportLink c         -> nothing();
            case RemoveClusterPair c  -> append(new ClusterPairRemoved(c.id()));
        };
    }

    private static Decision<ClusterPairEvent> whenPaired(Paired s, ClusterPairCommand command) {
        return switch (command) {
            case OfferClusterPair c   -> refuse(PAIRING_ALREADY_EXISTS, "pairing " + c.id() + " already exists");
            case JoinClusterPair c    -> refuse(PAIRING_ALREADY_EXISTS, "pairing with " + s.peer().name() + " already exists");
            case AcceptClusterPair c when c.peer().uuid().equals(s.peer().uuid()) && !s.dials() -> nothing();   // the completer repeats itself
            case AcceptClusterPair c  -> refuse(INVALID_KEY, "the key has served another cluster");
            case ConfirmClusterPair c -> nothing();
            case AbandonClusterPair c -> nothing();
            case NotePeerCluster c when c.peer().equals(s.peer()) -> nothing();
            case NotePeerCluster c    -> append(new PeerClusterNoted(c.id(), c.peer()));
            case AttachVolume c when s.volumes().contains(c.volume()) -> nothing();
            case AttachVolume c       -> append(new VolumeAttached(c.id(), c.volume()));
            case DetachVolume c when !s.volumes().contains(c.volume()) -> nothing();
            case DetachVolume c       -> append(new VolumeDetached(c.id(), c.volume()));
            case OrphanClusterPair c  -> append(new ClusterPairOrphaned(c.id()));
            case ReportLink c         -> append(new LinkReported(c.id(), c.up(), c.count()));
            case RemoveClusterPair c when !s.volumes().isEmpty() -> inUse(s.volumes());
            case RemoveClusterPair c  -> append(new ClusterPairRemoved(c.id()));
        };
    }

    private static Decision<ClusterPairEvent> whenOrphaned(Orphaned s, ClusterPairCommand command) {
        return switch (command) {
            case OfferClusterPair c   -> refuse(PAIRING_ALREADY_EXISTS, "pairing " + c.id() + " already exists");
            case JoinClusterPair c    -> refuse(PAIRING_ALREADY_EXISTS, "pairing with " + s.peer().name() + " already exists");
            case AcceptClusterPair c  -> refuse(INVALID_KEY, "the key has served already");
            case ConfirmClusterPair c -> nothing();
            case AbandonClusterPair c -> nothing();
            case NotePeerCluster c    -> nothing();
            case AttachVolume c       -> refuse(Refusal.MVIP_NOT_PAIRED, s.peer().name() + " has removed its half of the pair");
            case DetachVolume c when !s.volumes().contains(c.volume()) -> nothing();
            case DetachVolume c       -> append(new VolumeDetached(c.id(), c.volume()));
            case OrphanClusterPair c  -> nothing();
            case ReportLink c         -> nothing();
            case RemoveClusterPair c when !s.volumes().isEmpty() -> inUse(s.volumes());
            case RemoveClusterPair c  -> append(new ClusterPairRemoved(c.id()));
        };
    }

    private static Decision<ClusterPairEvent> inUse(Set<VolumeId> volumes) {
        return refuse(CLUSTER_PAIR_IN_USE, "volumes " + volumes.stream().sorted().toList() + " are still paired");
    }

    private static Decision<ClusterPairEvent> missing(ClusterPairCommand command) {
        return refuse(PAIRING_DOES_NOT_EXIST, "cluster pair " + command.id() + " does not exist");
    }

    @Override public ClusterPairState evolve(ClusterPairState state, ClusterPairEvent event) {
        return switch (event) {
            case ClusterPairOffered e when state instanceof Absent      -> new Offered(e.uuid());
            case ClusterPairJoining e when state instanceof Absent      -> new Joining(e.uuid(), e.uniqueId(), e.mvip());
            case ClusterPairAccepted e when state instanceof Offered s  -> new Paired(s.uuid(), false, e.peer(), Set.of());
            case ClusterPairConfirmed e when state instanceof Joining s -> new Paired(s.uuid(), true, e.peer(), Set.of());
            case ClusterPairAbandoned e when state instanceof Offered || state instanceof Joining -> new Removed();
            case PeerClusterNoted e when state instanceof Paired s      -> new Paired(s.uuid(), s.dials(), e.peer(), s.volumes());
            case VolumeAttached e when state instanceof Paired s        -> new Paired(s.uuid(), s.dials(), s.peer(), with(s.volumes(), e.volume()));
            case VolumeDetached e when state instanceof Paired s        -> new Paired(s.uuid(), s.dials(), s.peer(), without(s.volumes(), e.volume()));
            case VolumeDetached e when state instanceof Orphaned s      -> new Orphaned(s.uuid(), s.peer(), without(s.volumes(), e.volume()));
            case ClusterPairOrphaned e when state instanceof Paired s   -> new Orphaned(s.uuid(), s.peer(), s.volumes());
            case LinkReported e when state instanceof Paired            -> state;
            case ClusterPairRemoved e when !(state instanceof Absent || state instanceof Removed) -> new Removed();
            case ClusterPairOffered e   -> throw new CorruptHistoryException(state, e);
            case ClusterPairJoining e   -> throw new CorruptHistoryException(state, e);
            case ClusterPairAccepted e  -> throw new CorruptHistoryException(state, e);
            case ClusterPairConfirmed e -> throw new CorruptHistoryException(state, e);
            case ClusterPairAbandoned e -> throw new CorruptHistoryException(state, e);
            case PeerClusterNoted e     -> throw new CorruptHistoryException(state, e);
            case VolumeAttached e       -> throw new CorruptHistoryException(state, e);
            case VolumeDetached e       -> throw new CorruptHistoryException(state, e);
            case ClusterPairOrphaned e  -> throw new CorruptHistoryException(state, e);
            case LinkReported e         -> throw new CorruptHistoryException(state, e);
            case ClusterPairRemoved e   -> throw new CorruptHistoryException(state, e);
        };
    }

    private static Set<VolumeId> with(Set<VolumeId> volumes, VolumeId more) {
        Set<VolumeId> all = new HashSet<>(volumes);
        all.add(more);
        return all;
    }

    private static Set<VolumeId> without(Set<VolumeId> volumes, VolumeId less) {
        Set<VolumeId> rest = new HashSet<>(volumes);
        rest.remove(less);
        return rest;
    }
}
