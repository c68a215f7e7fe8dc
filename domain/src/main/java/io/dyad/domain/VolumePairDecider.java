package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;
import static io.dyad.domain.Decision.refuse;
import static io.dyad.domain.Refusal.INVALID_PAIRING_KEY;
import static io.dyad.domain.Refusal.VOLUME_ALREADY_PAIRED;
import static io.dyad.domain.Refusal.VOLUME_NOT_PAIRED;

import io.dyad.domain.VolumePairCommand.AbandonPair;
import io.dyad.domain.VolumePairCommand.AcceptPair;
import io.dyad.domain.VolumePairCommand.ConfirmPair;
import io.dyad.domain.VolumePairCommand.JoinPair;
import io.dyad.domain.VolumePairCommand.ModifyPair;
import io.dyad.domain.VolumePairCommand.NotePeer;
import io.dyad.domain.VolumePairCommand.OfferPair;
import io.dyad.domain.VolumePairCommand.RemovePair;
import io.dyad.domain.VolumePairCommand.ReportMilestone;
import io.dyad.domain.VolumePairCommand.SeverPair;
import io.dyad.domain.VolumePairEvent.MilestoneReached;
import io.dyad.domain.VolumePairEvent.PairAbandoned;
import io.dyad.domain.VolumePairEvent.PairAccepted;
import io.dyad.domain.VolumePairEvent.PairConfirmed;
import io.dyad.domain.VolumePairEvent.PairJoining;
import io.dyad.domain.VolumePairEvent.PairModeChanged;
import io.dyad.domain.VolumePairEvent.PairOffered;
import io.dyad.domain.VolumePairEvent.PairPaused;
import io.dyad.domain.VolumePairEvent.PairRemoved;
import io.dyad.domain.VolumePairEvent.PairResumed;
import io.dyad.domain.VolumePairEvent.PairSevered;
import io.dyad.domain.VolumePairEvent.PeerVolumeNoted;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.domain.VolumePairState.Joining;
import io.dyad.domain.VolumePairState.Mirroring;
import io.dyad.domain.VolumePairState.Offered;
import io.dyad.domain.VolumePairState.Paused;
import io.dyad.domain.VolumePairState.Severed;
import io.dyad.domain.VolumePairState.Unpaired;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The rules of one half of a volume pair (Element 12.x API: Start-, CompleteVolumePairing, ModifyVolumePair, RemoveVolumePair). */
public final class VolumePairDecider implements Decider<VolumePairState, VolumePairCommand, VolumePairEvent> {
    @Override public VolumePairState initial() { return new Unpaired(); }

    @Override public Decision<VolumePairEvent> decide(VolumePairState state, VolumePairCommand command) {
        return switch (state) {
            case Unpaired s  -> whenUnpaired(command);
            case Offered s   -> whenOffered(s, command);
            case Joining s   -> whenJoining(s, command);
            case Mirroring s -> whenMirroring(s.half(), command);
            case Paused s    -> whenPaused(s.half(), command);
            case Severed s   -> whenSevered(s.half(), command);
        };
    }

    private static Decision<VolumePairEvent> whenUnpaired(VolumePairCommand command) {
        return switch (command) {
            case OfferPair c       -> append(new PairOffered(c.volume(), c.uuid(), c.mode()));
            case JoinPair c        -> append(new PairJoining(c.volume(), c.uuid(), c.cluster(), c.remoteVolumeId(), c.remoteName()));
            case AcceptPair c      -> refuse(INVALID_PAIRING_KEY, "no pairing is offered with this key");
            case ConfirmPair c     -> refuse(VOLUME_NOT_PAIRED, "the pairing was removed meanwhile");
            case AbandonPair c     -> nothing();
            case ModifyPair c      -> notPaired(c);
            case NotePeer c        -> nothing();                                       // a report that was on its way
            case SeverPair c       -> nothing();
            case ReportMilestone c -> nothing();
            case RemovePair c      -> nothing();                                       // removing twice is no error
        };
    }

    private static Decision<VolumePairEvent> whenOffered(Offered s, VolumePairCommand command) {
        return switch (command) {
            case OfferPair c       -> alreadyPaired(c);
            case JoinPair c        -> alreadyPaired(c);
            case AcceptPair c when !c.uuid().equals(s.uuid()) -> refuse(INVALID_PAIRING_KEY, "the key is stale");
            case AcceptPair c      -> append(new PairAccepted(c.volume(), c.uuid(), c.cluster(), c.peer()));
            case ConfirmPair c     -> refuse(INVALID_PAIRING_KEY, "the pairing was started here, not completed");
            case AbandonPair c     -> nothing();
            case ModifyPair c      -> modeOnly(c, new ReplicationMode(s.mode(), 0));
            case NotePeer c        -> nothing();
            case SeverPair c       -> nothing();
            case ReportMilestone c -> nothing();
            case RemovePair c      -> append(new PairRemoved(c.volume(), s.uuid()));
        };
    }

    private static Decision<VolumePairEvent> whenJoining(Joining s, VolumePairCommand command) {
        return switch (command) {
            case OfferPair c       -> alreadyPaired(c);
            case JoinPair c when c.uuid().equals(s.uuid()) -> nothing();               // the same key again, after a crash
            case JoinPair c        -> alreadyPaired(c);
            case AcceptPair c      -> refuse(INVALID_PAIRING_KEY, "the pairing was not started here");
            case ConfirmPair c when !c.uuid().equals(s.uuid()) -> refuse(INVALID_PAIRING_KEY, "another pairing is under way");
            case ConfirmPair c     -> append(new PairConfirmed(c.volume(), c.uuid(), c.peer(), c.mode()));
            case AbandonPair c when !c.uuid().equals(s.uuid()) -> nothing();
            case AbandonPair c     -> append(new PairAbandoned(c.volume(), c.uuid()));
            case ModifyPair c      -> notPaired(c);
            case NotePeer c        -> nothing();
            case SeverPair c       -> nothing();
            case ReportMilestone c -> nothing();
            case RemovePair c      -> append(new PairRemoved(c.volume(), s.uuid()));
        };
    }

    private static Decision<VolumePairEvent> whenMirroring(Half s, VolumePairCommand command) {
        return switch (command) {
            case OfferPair c       -> alreadyPaired(c);
            case JoinPair c        -> alreadyPaired(c);
            case AcceptPair c when again(s, c) -> nothing();                           // the completer repeats itself
            case AcceptPair c      -> refuse(INVALID_PAIRING_KEY, "the key has served already");
            case ConfirmPair c     -> nothing();
            case AbandonPair c     -> nothing();
            case ModifyPair c when c.pausedManual().orElse(false) -> and(new PairPaused(c.volume()), modeOnly(c, s.mode()));
            case ModifyPair c      -> modeOnly(c, s.mode());
            case NotePeer c        -> noted(s, c);
            case SeverPair c       -> severed(s, c);
            case ReportMilestone c -> remembered(s, c);
            case RemovePair c      -> append(new PairRemoved(c.volume(), s.uuid()));
        };
    }

    private static Decision<VolumePairEvent> whenPaused(Half s, VolumePairCommand command) {
        return switch (command) {
            case OfferPair c       -> alreadyPaired(c);
            case JoinPair c        -> alreadyPaired(c);
            case AcceptPair c when again(s, c) -> nothing();
            case AcceptPair c      -> refuse(INVALID_PAIRING_KEY, "the key has served already");
            case ConfirmPair c     -> nothing();
            case AbandonPair c     -> nothing();
            case ModifyPair c when !c.pausedManual().orElse(true) -> and(new PairResumed(c.volume()), modeOnly(c, s.mode()));
            case ModifyPair c      -> modeOnly(c, s.mode());
            case NotePeer c        -> noted(s, c);
            case SeverPair c       -> severed(s, c);
            case ReportMilestone c -> remembered(s, c);
            case RemovePair c      -> append(new PairRemoved(c.volume(), s.uuid()));
        };
    }

    private static Decision<VolumePairEvent> whenSevered(Half s, VolumePairCommand command) {
        return switch (command) {
            case OfferPair c       -> alreadyPaired(c);
            case JoinPair c        -> alreadyPaired(c);
            case AcceptPair c      -> refuse(INVALID_PAIRING_KEY, "the key has served already");
            case ConfirmPair c     -> nothing();
            case AbandonPair c     -> nothing();
            case ModifyPair c      -> refuse(VOLUME_NOT_PAIRED, "the other end has removed its half; remove this one");
            case NotePeer c        -> nothing();
            case SeverPair c       -> nothing();
            case ReportMilestone c -> nothing();
            case RemovePair c      -> append(new PairRemoved(c.volume(), s.uuid()));
        };
    }

    private static boolean again(Half s, AcceptPair c) { return c.uuid().equals(s.uuid()) && c.peer().volumeId() == s.peer().volumeId(); }

    private static Decision<VolumePairEvent> modeOnly(ModifyPair c, ReplicationMode now) {
        ReplicationMode changed = c.mode().map(now::changedTo).orElse(now);
        return changed.equals(now) ? nothing() : append(new PairModeChanged(c.volume(), changed));
    }

    private static Decision<VolumePairEvent> and(VolumePairEvent first, Decision<VolumePairEvent> more) {
        List<VolumePairEvent> events = new ArrayList<>(List.of(first));
        if (more instanceof Decision.Accepted<VolumePairEvent> accepted) events.addAll(accepted.events());
        return new Decision.Accepted<>(events);
    }

    private static Decision<VolumePairEvent> noted(Half s, NotePeer c) {
        if (!c.uuid().equals(s.uuid())) return nothing();
        List<VolumePairEvent> events = new ArrayList<>();
        if (!c.peer().equals(s.peer())) events.add(new PeerVolumeNoted(c.volume(), c.peer()));
        ReplicationMode merged = s.mode().merged(c.mode());
        if (!merged.equals(s.mode())) events.add(new PairModeChanged(c.volume(), merged));
        return new Decision.Accepted<>(events);
    }

    private static Decision<VolumePairEvent> severed(Half s, SeverPair c) {
        return same(s, c.uuid()) ? append(new PairSevered(c.volume(), c.uuid())) : nothing();
    }

    private static Decision<VolumePairEvent> remembered(Half s, ReportMilestone c) {
        return same(s, c.uuid()) ? append(new MilestoneReached(c.volume(), c.uuid(), c.milestone(), c.detail(), c.count())) : nothing();
    }

    private static boolean same(Half s, UUID uuid) { return s.uuid().equals(uuid); }

    private static Decision<VolumePairEvent> alreadyPaired(VolumePairCommand c) {
        return refuse(VOLUME_ALREADY_PAIRED, "volume " + c.volume() + " is paired already");
    }

    private static Decision<VolumePairEvent> notPaired(VolumePairCommand c) {
        return refuse(VOLUME_NOT_PAIRED, "volume " + c.volume() + " is not paired");
    }

    @Override public VolumePairState evolve(VolumePairState state, VolumePairEvent event) {
        return switch (event) {
            case PairOffered e when state instanceof Unpaired       -> new Offered(e.uuid(), e.mode());
            case PairJoining e when state instanceof Unpaired       -> new Joining(e.uuid(), e.cluster(), e.remoteVolumeId(), e.remoteName());
            case PairAccepted e when state instanceof Offered s     -> new Mirroring(new Half(e.uuid(), e.cluster(), e.peer(), new ReplicationMode(s.mode(), 1)));
            case PairConfirmed e when state instanceof Joining s    -> new Mirroring(new Half(e.uuid(), s.cluster(), e.peer(), e.mode()));
            case PairAbandoned e when state instanceof Joining      -> new Unpaired();
            case PairPaused e when state instanceof Mirroring s     -> new Paused(s.half());
            case PairResumed e when state instanceof Paused s       -> new Mirroring(s.half());
            case PairModeChanged e when state instanceof Offered s  -> new Offered(s.uuid(), e.mode().mode());
            case PairModeChanged e when state instanceof Mirroring s -> new Mirroring(s.half().withMode(e.mode()));
            case PairModeChanged e when state instanceof Paused s   -> new Paused(s.half().withMode(e.mode()));
            case PeerVolumeNoted e when state instanceof Mirroring s -> new Mirroring(s.half().withPeer(e.peer()));
            case PeerVolumeNoted e when state instanceof Paused s   -> new Paused(s.half().withPeer(e.peer()));
            case PairSevered e when state instanceof Mirroring s    -> new Severed(s.half());
            case PairSevered e when state instanceof Paused s       -> new Severed(s.half());
            case MilestoneReached e when state instanceof Mirroring || state instanceof Paused -> state;
            case PairRemoved e when !(state instanceof Unpaired)    -> new Unpaired();
            case PairOffered e      -> throw new CorruptHistoryException(state, e);
            case PairJoining e      -> throw new CorruptHistoryException(state, e);
            case PairAccepted e     -> throw new CorruptHistoryException(state, e);
            case PairConfirmed e    -> throw new CorruptHistoryException(state, e);
            case PairAbandoned e    -> throw new CorruptHistoryException(state, e);
            case PairPaused e       -> throw new CorruptHistoryException(state, e);
            case PairResumed e      -> throw new CorruptHistoryException(state, e);
            case PairModeChanged e  -> throw new CorruptHistoryException(state, e);
            case PeerVolumeNoted e  -> throw new CorruptHistoryException(state, e);
            case PairSevered e      -> throw new CorruptHistoryException(state, e);
            case MilestoneReached e -> throw new CorruptHistoryException(state, e);
            case PairRemoved e      -> throw new CorruptHistoryException(state, e);
        };
    }
}
