package io.dyad.replication.pairing;

import io.dyad.domain.AccessGroupsCommand;
import io.dyad.domain.Aggregate;
import io.dyad.domain.ClusterCommand;
import io.dyad.domain.ClusterCommand.FormCluster;
import io.dyad.domain.ClusterCommand.RenameCluster;
import io.dyad.domain.ClusterEvent;
import io.dyad.domain.ClusterPairCommand.DetachVolume;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.ClusterState;
import io.dyad.domain.ClusterState.Formed;
import io.dyad.domain.Command;
import io.dyad.domain.Decision;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import io.dyad.domain.Numbered;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.SnapshotCommand.CloseSnapshots;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeCommand;
import io.dyad.domain.VolumeCommand.CreateVolume;
import io.dyad.domain.VolumeCommand.DeleteVolume;
import io.dyad.domain.VolumeCommand.ModifyVolume;
import io.dyad.domain.VolumeCommand.PurgeVolume;
import io.dyad.domain.VolumeCommand.RestoreVolume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairCommand.ModifyPair;
import io.dyad.domain.VolumePairCommand.OfferPair;
import io.dyad.domain.VolumePairCommand.RemovePair;
import io.dyad.domain.VolumePairState;
import io.dyad.domain.VolumeState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * The control plane of one cluster: its volumes, accounts and admins, and one half of its volume pairs. Each step is a
 * command that is durable before the next; the two-cluster steps are {@link ClusterPairing}'s and {@link VolumePairing}'s.
 * Safe for any thread.
 */
public final class ClusterNode {
    /** How long a deleted volume can be restored (Element 12.x API, DeleteVolume). */
    public static final Duration RESTORABLE = Duration.ofHours(8);

    private final EventLog log;
    private final View view;
    private final Hosting hosting;
    private final Ticker ticker;
    private final People people;
    private final AccessGroups groups;
    /** Shared by changes that are one command; alone at it are those of several, which are to find nothing changed meanwhile. */
    private final ReentrantReadWriteLock volumesDesk = new ReentrantReadWriteLock(true);
    /** Held while a volume is hosted as it is now, so that what is hosted last is what holds. */
    private final ReentrantLock hostDesk = new ReentrantLock();

    ClusterNode(EventLog log, View view, Hosting hosting, Ticker ticker) {
        this.log = log;
        this.view = view;
        this.hosting = hosting;
        this.ticker = ticker;
        this.people = new People(this);
        this.groups = new AccessGroups(this);
    }

    public View view() { return view; }

    public People people() { return people; }

    public AccessGroups accessGroups() { return groups; }

    /** Gives a new cluster its identity, and an old one this name. */
    void form(String name, String uniqueId) {
        Cause cause = new Cause("system", "start");
        if (view.cluster() instanceof Formed) execute(new RenameCluster(name), cause);
        else execute(new FormCluster(ticker.freshUuid(), uniqueId, name), cause);
    }

    /** Decides and stores, or throws what the rule said. */
    List<Event> execute(Command command, Cause cause) {
        return agreed(log.execute(command, cause));
    }

    private static List<Event> agreed(Decision<Event> decision) {
        return switch (decision) {
            case Decision.Accepted<Event> a -> a.events();
            case Decision.Refused<Event> r  -> throw new RefusedException(r.why(), r.detail());
        };
    }

    <T> T reserve(ClusterCommand command, Cause cause, Function<ClusterEvent, T> id) {
        return id.apply((ClusterEvent) execute(command, cause).getFirst());
    }

    /** The first of {@code count} fresh numbers of a kind. */
    long numbers(Numbered what, int count, Cause cause) {
        return reserve(new ClusterCommand.TakeNumbers(what, count), cause, e -> ((ClusterEvent.NumbersTaken) e).first());
    }

    // ---- volumes ----

    /** {@code draft.id()} and {@code uuid()} are not looked at: the cluster gives both. */
    public VolumeId createVolume(Function<VolumeId, Volume> draft, Cause cause) {
        Volume sample = draft.apply(new VolumeId(1));
        requireCreatable(sample);
        VolumeId id = reserve(new ClusterCommand.ReserveVolume(sample.account()), cause, e -> ((ClusterEvent.VolumeReserved) e).id());
        execute(new CreateVolume(draft.apply(id)), cause);
        host(id);
        return id;
    }

    void requireCreatable(Volume sample) { agreed(Aggregate.VOLUME.decide(Aggregate.VOLUME.initial(), new CreateVolume(sample))); }

    public void modifyVolume(ModifyVolume change, Cause cause) { modifyVolumes(List.of(change), cause); }

    /** All of them, or the refusal of one and none; a crash in between may leave some changed, of a call that was never answered. */
    public void modifyVolumes(List<ModifyVolume> changes, Cause cause) {
        Lock desk = changes.size() == 1 && changes.getFirst().account().isEmpty() ? volumesDesk.readLock() : volumesDesk.writeLock();
        desk.lock();
        try {
            changes.forEach(c -> agreed(Aggregate.VOLUME.decide(view.volume(c.id()), c)));
            requireRoom(changes);
            for (ModifyVolume change : changes) {
                change.account().ifPresent(a -> execute(new ClusterCommand.TransferVolume(change.id(), a), cause));
                execute(change, cause);
                host(change.id());
            }
        } finally {
            desk.unlock();
        }
    }

    /** That each new owner exists and may own as many: the cluster's own answers, to the transfers in turn. */
    private void requireRoom(List<ModifyVolume> changes) {
        ClusterState state = view.cluster();
        for (ModifyVolume change : changes) {
            if (change.account().isEmpty()) continue;
            var transfer = new ClusterCommand.TransferVolume(change.id(), change.account().get());
            for (Event event : agreed(Aggregate.CLUSTER.decide(state, transfer))) state = (ClusterState) Aggregate.CLUSTER.evolve(state, event);
        }
    }

    public void deleteVolume(VolumeId id, Cause cause) {
        Instant now = ticker.now();
        atDesk(new DeleteVolume(id, now, now.plus(RESTORABLE)), cause);
        host(id);
    }

    public void restoreVolume(VolumeId id, Cause cause) {
        atDesk(new RestoreVolume(id), cause);
        host(id);
    }

    /** The volume's blocks, its half of a pair and its places in access groups go with it. */
    public void purgeVolume(VolumeId id, Cause cause) {
        atDesk(new PurgeVolume(id), cause);
        forget(id, cause);
    }

    private void atDesk(VolumeCommand command, Cause cause) {
        volumesDesk.readLock().lock();
        try {
            execute(command, cause);
        } finally {
            volumesDesk.readLock().unlock();
        }
    }

    /** What was the volume's goes after it. */
    void forget(VolumeId id, Cause cause) {
        removeVolumePair(id, cause);
        execute(new CloseSnapshots(id), cause);
        execute(new AccessGroupsCommand.ForgetVolume(id), cause);
        hosting.drop(id);
        execute(new ClusterCommand.ReleaseVolume(id), cause);
    }

    /** Purges what has been deleted for long enough. */
    void purgeExpired() {
        Instant now = ticker.now();
        view.volumes().forEach((id, state) -> {
            if (state instanceof VolumeState.Deleted d && !now.isBefore(d.purgeAt())) purgeVolume(id, new Cause("system", "expiry"));
        });
    }

    void host(VolumeId id) {
        hostDesk.lock();
        try {
            switch (view.volume(id)) {
                case VolumeState.Active s  -> hosting.host(s.volume(), view.busy(id));
                case VolumeState.Deleted s -> hosting.host(s.volume(), true);
                case VolumeState.Absent s  -> { }
                case VolumeState.Purged s  -> { }
            }
        } finally {
            hostDesk.unlock();
        }
    }

    // ---- the local half of a volume pair ----

    public UUID startVolumePairing(VolumeId id, Mode mode, Cause cause) {
        active(id);
        UUID uuid = ticker.freshUuid();
        execute(new OfferPair(id, uuid, mode), cause);
        return uuid;
    }

    public void modifyVolumePair(VolumeId id, Optional<Boolean> pausedManual, Optional<Mode> mode, Cause cause) {
        active(id);
        execute(new ModifyPair(id, pausedManual, mode), cause);
    }

    public void removeVolumePair(VolumeId id, Cause cause) {
        if (view.volume(id) instanceof VolumeState.Absent) throw missing(id);
        Optional<ClusterPairId> cluster = clusterOf(id);
        execute(new RemovePair(id), cause);
        cluster.ifPresent(c -> execute(new DetachVolume(c, id), cause));
    }

    /** The cluster pair that the volume's pair goes over, begun or whole. */
    Optional<ClusterPairId> clusterOf(VolumeId id) {
        return view.pairOf(id) instanceof VolumePairState.Joining j ? Optional.of(j.cluster()) : view.half(id).map(VolumePairState.Half::cluster);
    }

    /** The volume, when it exists and is not deleted. */
    Volume active(VolumeId id) {
        if (view.volume(id) instanceof VolumeState.Active s) return s.volume();
        throw missing(id);
    }

    private static RefusedException missing(VolumeId id) {
        return new RefusedException(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id + " does not exist");
    }
}
