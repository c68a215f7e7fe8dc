package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;
import static io.dyad.domain.Decision.refuse;
import static java.util.stream.Collectors.toSet;

import io.dyad.domain.Snapshot.Phase;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotCommand.AbandonSnapshot;
import io.dyad.domain.SnapshotCommand.CloseSnapshots;
import io.dyad.domain.SnapshotCommand.CompleteSnapshot;
import io.dyad.domain.SnapshotCommand.DeleteSnapshot;
import io.dyad.domain.SnapshotCommand.ExpectSnapshot;
import io.dyad.domain.SnapshotCommand.ForgetDeleted;
import io.dyad.domain.SnapshotCommand.KeepSnapshot;
import io.dyad.domain.SnapshotCommand.ModifySnapshot;
import io.dyad.domain.SnapshotCommand.TakeSnapshot;
import io.dyad.domain.SnapshotCommand.UngroupSnapshot;
import io.dyad.domain.SnapshotEvent.DeletedForgotten;
import io.dyad.domain.SnapshotEvent.SnapshotAbandoned;
import io.dyad.domain.SnapshotEvent.SnapshotAnnounced;
import io.dyad.domain.SnapshotEvent.SnapshotCompleted;
import io.dyad.domain.SnapshotEvent.SnapshotDeleted;
import io.dyad.domain.SnapshotEvent.SnapshotDescribed;
import io.dyad.domain.SnapshotEvent.SnapshotExpected;
import io.dyad.domain.SnapshotEvent.SnapshotKept;
import io.dyad.domain.SnapshotEvent.SnapshotModified;
import io.dyad.domain.SnapshotEvent.SnapshotUngrouped;
import io.dyad.domain.SnapshotEvent.SnapshotsClosed;
import io.dyad.domain.SnapshotsState.Bare;
import io.dyad.domain.SnapshotsState.Closed;
import io.dyad.domain.SnapshotsState.Holding;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The rules of a volume's snapshots (Element 12.x API: CreateSnapshot, ModifySnapshot, DeleteSnapshot …). */
public final class SnapshotDecider implements Decider<SnapshotsState, SnapshotCommand, SnapshotEvent> {
    public static final int MAX_SNAPSHOTS = 32;
    private static final int MAX_NAME = 255;

    @Override public SnapshotsState initial() { return new Bare(); }

    @Override public Decision<SnapshotEvent> decide(SnapshotsState state, SnapshotCommand command) {
        return switch (state) {
            case Bare s    -> whenBare(command);
            case Holding s -> whenHolding(s, command);
            case Closed s  -> whenClosed(command);
        };
    }

    private static Decision<SnapshotEvent> whenBare(SnapshotCommand command) {
        return switch (command) {
            case TakeSnapshot c when badName(c.draft()) -> refuseName();
            case TakeSnapshot c     -> append(new SnapshotAnnounced(c.draft()));
            case ExpectSnapshot c   -> append(new SnapshotExpected(c.draft()));
            case KeepSnapshot c     -> append(new SnapshotKept(c.draft()));
            case CompleteSnapshot c -> nothing();
            case AbandonSnapshot c  -> nothing();
            case ModifySnapshot c   -> missing(c.id());
            case UngroupSnapshot c  -> missing(c.id());
            case DeleteSnapshot c   -> missing(c.id());
            case ForgetDeleted c    -> nothing();
            case CloseSnapshots c   -> append(new SnapshotsClosed(c.volume()));
        };
    }

    private static Decision<SnapshotEvent> whenHolding(Holding s, SnapshotCommand command) {
        return switch (command) {
            case TakeSnapshot c when s.find(c.draft().uuid()).isPresent() -> nothing();
            case TakeSnapshot c when badName(c.draft()) -> refuseName();
            case TakeSnapshot c when full(s) -> refuseMore(c.volume());
            case TakeSnapshot c     -> append(new SnapshotAnnounced(c.draft()));
            case ExpectSnapshot c when s.deleted().contains(c.draft().uuid()) -> nothing();      // it was here and was not wanted
            case ExpectSnapshot c when s.find(c.draft().uuid()).isPresent() -> described(s.find(c.draft().uuid()).get(), c.draft());
            case ExpectSnapshot c when full(s) -> refuseMore(c.volume());
            case ExpectSnapshot c   -> append(new SnapshotExpected(c.draft()));
            case KeepSnapshot c when s.find(c.draft().uuid()).isPresent() -> expectedMeanwhile(s, c);
            case KeepSnapshot c     -> append(new SnapshotKept(c.draft()));
            case CompleteSnapshot c -> toUnderWay(s, c.uuid(), x -> new SnapshotCompleted(c.volume(), x.id(), x.uuid(), c.at()));
            case AbandonSnapshot c  -> toUnderWay(s, c.uuid(), x -> new SnapshotAbandoned(c.volume(), x.id(), x.uuid()));
            case ModifySnapshot c   -> s.find(c.id()).map(x -> modified(x, c)).orElse(missing(c.id()));
            case UngroupSnapshot c when s.find(c.id()).isEmpty() -> missing(c.id());
            case UngroupSnapshot c  -> s.find(c.id()).get().group().isEmpty() ? nothing() : append(new SnapshotUngrouped(c.volume(), c.id()));
            case DeleteSnapshot c   -> s.find(c.id()).map(x -> deleted(x, c)).orElse(missing(c.id()));
            case ForgetDeleted c    -> forgotten(c, s.deleted().stream().filter(c.uuids()::contains).collect(toSet()));
            case CloseSnapshots c   -> append(new SnapshotsClosed(c.volume()));
        };
    }

    private static Decision<SnapshotEvent> whenClosed(SnapshotCommand command) {
        return switch (command) {
            case TakeSnapshot c     -> gone(c);
            case ExpectSnapshot c   -> gone(c);
            case KeepSnapshot c     -> gone(c);
            case CompleteSnapshot c -> nothing();
            case AbandonSnapshot c  -> nothing();
            case ModifySnapshot c   -> missing(c.id());
            case UngroupSnapshot c  -> missing(c.id());
            case DeleteSnapshot c   -> missing(c.id());
            case ForgetDeleted c    -> nothing();
            case CloseSnapshots c   -> nothing();
        };
    }

    /** The peer's report came between the copy's arrival and its being noted: the copy is done, as it is described. */
    private static Decision<SnapshotEvent> expectedMeanwhile(Holding s, KeepSnapshot c) {
        boolean expected = s.find(c.draft().uuid()).filter(x -> x.phase() == Snapshot.Phase.SYNCING).isPresent();
        return expected ? toUnderWay(s, c.draft().uuid(), x -> new SnapshotCompleted(c.volume(), x.id(), x.uuid(), c.draft().copied())) : nothing();
    }

    private static Decision<SnapshotEvent> toUnderWay(Holding s, UUID uuid, Function<Snapshot, SnapshotEvent> what) {
        Optional<Snapshot> found = s.find(uuid).filter(x -> x.phase() != Phase.DONE);
        return found.isPresent() ? append(what.apply(found.get())) : nothing();
    }

    private static boolean full(Holding s) { return s.snapshots().size() >= MAX_SNAPSHOTS; }

    private static boolean badName(Snapshot draft) { return draft.terms().name().length() > MAX_NAME; }

    private static Decision<SnapshotEvent> described(Snapshot known, Snapshot by) {
        return known.described() ? nothing() : append(new SnapshotDescribed(known.volume(), known.id(), by));
    }

    private static Decision<SnapshotEvent> modified(Snapshot x, ModifySnapshot c) {
        Terms was = x.terms();
        Terms now = new Terms(was.name(), c.replicated().orElse(was.replicated()), c.expires().or(was::expires), c.label().or(was::label), was.attributes());
        return now.equals(was) ? nothing() : append(new SnapshotModified(x.volume(), x.id(), now));
    }

    private static Decision<SnapshotEvent> deleted(Snapshot x, DeleteSnapshot c) {
        return append(new SnapshotDeleted(x.volume(), x.id(), x.uuid(), c.why(), c.remember() && x.terms().replicated()));
    }

    private static Decision<SnapshotEvent> forgotten(ForgetDeleted c, Set<UUID> known) {
        return known.isEmpty() ? nothing() : append(new DeletedForgotten(c.volume(), known));
    }

    private static Decision<SnapshotEvent> missing(SnapshotId id) { return refuse(Refusal.SNAPSHOT_DOES_NOT_EXIST, "snapshot " + id + " does not exist"); }

    private static Decision<SnapshotEvent> gone(SnapshotCommand c) { return refuse(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + c.volume() + " does not exist"); }

    private static Decision<SnapshotEvent> refuseName() { return refuse(Refusal.INVALID_PARAMETER, "name has more than " + MAX_NAME + " characters"); }

    private static Decision<SnapshotEvent> refuseMore(VolumeId volume) {
        return refuse(Refusal.MAX_SNAPSHOTS_PER_VOLUME, "volume " + volume + " has " + MAX_SNAPSHOTS + " snapshots");
    }

    @Override public SnapshotsState evolve(SnapshotsState state, SnapshotEvent event) {
        return switch (event) {
            case SnapshotAnnounced e when !(state instanceof Closed) -> put(state, e.snapshot());
            case SnapshotExpected e when !(state instanceof Closed)  -> put(state, e.snapshot());
            case SnapshotKept e when !(state instanceof Closed)      -> put(state, e.snapshot());
            case SnapshotDescribed e when has(state, e.id())  -> put(state, known(state, e.id()).described(e.as()));
            case SnapshotCompleted e when has(state, e.id())  -> put(state, known(state, e.id()).done(e.at()));
            case SnapshotAbandoned e when has(state, e.id())  -> take(state, e.id(), Set.of());
            case SnapshotModified e when has(state, e.id())   -> put(state, known(state, e.id()).with(e.terms()));
            case SnapshotUngrouped e when has(state, e.id())  -> put(state, known(state, e.id()).alone());
            case SnapshotDeleted e when has(state, e.id())    -> take(state, e.id(), e.remembered() ? Set.of(e.uuid()) : Set.of());
            case DeletedForgotten e when state instanceof Holding s && s.deleted().containsAll(e.uuids()) -> rest(s.snapshots(), minus(s.deleted(), e.uuids()));
            case SnapshotsClosed e when !(state instanceof Closed) -> new Closed();
            case SnapshotAnnounced e -> throw new CorruptHistoryException(state, e);
            case SnapshotExpected e  -> throw new CorruptHistoryException(state, e);
            case SnapshotKept e      -> throw new CorruptHistoryException(state, e);
            case SnapshotDescribed e -> throw new CorruptHistoryException(state, e);
            case SnapshotCompleted e -> throw new CorruptHistoryException(state, e);
            case SnapshotAbandoned e -> throw new CorruptHistoryException(state, e);
            case SnapshotModified e  -> throw new CorruptHistoryException(state, e);
            case SnapshotUngrouped e -> throw new CorruptHistoryException(state, e);
            case SnapshotDeleted e   -> throw new CorruptHistoryException(state, e);
            case DeletedForgotten e  -> throw new CorruptHistoryException(state, e);
            case SnapshotsClosed e   -> throw new CorruptHistoryException(state, e);
        };
    }

    private static boolean has(SnapshotsState state, SnapshotId id) { return state instanceof Holding s && s.find(id).isPresent(); }

    private static Snapshot known(SnapshotsState state, SnapshotId id) { return ((Holding) state).find(id).orElseThrow(); }

    private static SnapshotsState put(SnapshotsState state, Snapshot now) {
        Map<SnapshotId, Snapshot> all = state instanceof Holding s ? new HashMap<>(s.snapshots()) : new HashMap<>();
        all.put(now.id(), now);
        return new Holding(all, state instanceof Holding s ? s.deleted() : Set.of());
    }

    private static SnapshotsState take(SnapshotsState state, SnapshotId id, Set<UUID> remembered) {
        Holding s = (Holding) state;
        Map<SnapshotId, Snapshot> all = new HashMap<>(s.snapshots());
        all.remove(id);
        Set<UUID> deleted = new HashSet<>(s.deleted());
        deleted.addAll(remembered);
        return rest(all, deleted);
    }

    private static SnapshotsState rest(Map<SnapshotId, Snapshot> all, Set<UUID> deleted) {
        return all.isEmpty() && deleted.isEmpty() ? new Bare() : new Holding(all, deleted);
    }

    private static Set<UUID> minus(Set<UUID> set, Set<UUID> less) {
        Set<UUID> rest = new HashSet<>(set);
        rest.removeAll(less);
        return rest;
    }
}
