package io.dyad.replication.pairing;

import io.dyad.domain.AccessGroupsCommand;
import io.dyad.domain.AccessGroupsState;
import io.dyad.domain.AccountId;
import io.dyad.domain.AccountState;
import io.dyad.domain.AdminId;
import io.dyad.domain.AdminState;
import io.dyad.domain.Aggregate;
import io.dyad.domain.ClusterCommand;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.ClusterPairState;
import io.dyad.domain.ClusterState;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.FaultsCommand;
import io.dyad.domain.FaultsState;
import io.dyad.domain.JobEvent;
import io.dyad.domain.JobId;
import io.dyad.domain.JobState;
import io.dyad.domain.Snapshot;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.SnapshotsState;
import io.dyad.domain.State;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairEvent;
import io.dyad.domain.VolumePairState;
import io.dyad.domain.VolumeState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The states of all aggregates, folded from the log with the deciders' own {@code evolve}. Read by any thread, fed by one. */
public final class View {
    private final Map<String, State> states = new ConcurrentHashMap<>();
    private final Map<JobId, JobState> jobs = new ConcurrentHashMap<>();
    private final Map<UUID, VolumeId> paired = new ConcurrentHashMap<>();

    void apply(Recorded recorded) {
        Event event = recorded.event();
        Aggregate aggregate = Aggregate.of(event);
        State now = aggregate.evolve(states.getOrDefault(event.aggregate(), aggregate.initial()), event);
        states.put(event.aggregate(), now);
        if (event instanceof JobEvent e) listJob(e.id(), (JobState) now);
        if (event instanceof VolumePairEvent e) listPair(e.volume());
    }

    private void listPair(VolumeId id) {
        paired.values().remove(id);
        half(id).ifPresent(h -> paired.put(h.uuid(), id));
    }

    /** The volume whose completed pair this is. */
    Optional<VolumeId> paired(UUID volumePair) { return Optional.ofNullable(paired.get(volumePair)); }

    private void listJob(JobId id, JobState now) {
        if (now instanceof JobState.Forgotten) jobs.remove(id);
        else jobs.put(id, now);
    }

    public ClusterState cluster() { return (ClusterState) states.getOrDefault(ClusterCommand.STREAM, Aggregate.CLUSTER.initial()); }

    public ClusterState.Formed formed() {
        if (cluster() instanceof ClusterState.Formed formed) return formed;
        throw new IllegalStateException("the cluster is not formed yet");
    }

    public VolumeState volume(VolumeId id) { return (VolumeState) states.getOrDefault("volume/" + id, Aggregate.VOLUME.initial()); }

    public VolumePairState pairOf(VolumeId id) { return (VolumePairState) states.getOrDefault("volume-pair/" + id, Aggregate.VOLUME_PAIR.initial()); }

    /** The snapshots of a volume, by number. */
    public List<Snapshot> snapshots(VolumeId id) {
        return snapshotsOf(id) instanceof SnapshotsState.Holding h ? h.snapshots().values().stream().sorted(Comparator.comparing(Snapshot::id)).toList() : List.of();
    }

    SnapshotsState snapshotsOf(VolumeId id) { return (SnapshotsState) states.getOrDefault("snapshots/" + id, Aggregate.SNAPSHOTS.initial()); }

    /** Replicated snapshots that were deleted here and that the other end may still hold. */
    Set<UUID> deletedSnapshots(VolumeId id) { return snapshotsOf(id) instanceof SnapshotsState.Holding h ? h.deleted() : Set.of(); }

    /** Every snapshot of every volume that is not purged. */
    public List<Snapshot> snapshots() { return volumes().keySet().stream().flatMap(id -> snapshots(id).stream()).toList(); }

    public Optional<Snapshot> snapshot(SnapshotId id) { return snapshots().stream().filter(s -> s.id().equals(id)).findFirst(); }

    /** The jobs whose result nobody has read for good, by number. */
    public SortedMap<JobId, JobState> jobs() { return new TreeMap<>(jobs); }

    /** True while a job replaces this volume's content. */
    boolean busy(VolumeId id) {
        return jobs.values().stream().anyMatch(s -> s instanceof JobState.Running r && r.job().parts().stream().anyMatch(p -> p.target().equals(id)));
    }

    public ClusterPairState clusterPair(ClusterPairId id) {
        return (ClusterPairState) states.getOrDefault("cluster-pair/" + id, Aggregate.CLUSTER_PAIR.initial());
    }

    public Optional<AdminState.Active> admin(String username) {
        return states.get("admin/" + username) instanceof AdminState.Active a ? Optional.of(a) : Optional.empty();
    }

    /** Every admin, by number. */
    public SortedMap<AdminId, AdminState.Active> admins() {
        SortedMap<AdminId, AdminState.Active> admins = new TreeMap<>();
        formed().admins().forEach((id, username) -> admin(username).ifPresent(a -> admins.put(id, a)));
        return admins;
    }

    /** The names of all admins, those without a number too. */
    Stream<String> everyAdmin() {
        return states.values().stream().flatMap(s -> s instanceof AdminState.Active a ? Stream.of(a.username()) : Stream.empty());
    }

    public AccessGroupsState.Groups accessGroups() {
        return (AccessGroupsState.Groups) states.getOrDefault(AccessGroupsCommand.STREAM, Aggregate.ACCESS_GROUPS.initial());
    }

    public FaultsState.Book faults() { return (FaultsState.Book) states.getOrDefault(FaultsCommand.STREAM, Aggregate.FAULTS.initial()); }

    /** Every cluster pair that is not removed, by number. */
    public SortedMap<ClusterPairId, ClusterPairState> clusterPairs() {
        SortedMap<ClusterPairId, ClusterPairState> pairs = new TreeMap<>();
        for (ClusterPairId id : formed().pairs()) {
            ClusterPairState state = clusterPair(id);
            if (!(state instanceof ClusterPairState.Absent || state instanceof ClusterPairState.Removed)) pairs.put(id, state);
        }
        return pairs;
    }

    /** Every volume that is not purged, by number. */
    public SortedMap<VolumeId, VolumeState> volumes() {
        SortedMap<VolumeId, VolumeState> volumes = new TreeMap<>();
        for (VolumeId id : formed().volumes().keySet()) {
            VolumeState state = volume(id);
            if (state instanceof VolumeState.Active || state instanceof VolumeState.Deleted) volumes.put(id, state);
        }
        return volumes;
    }

    /** Every account, by number. */
    public SortedMap<AccountId, AccountState.Active> accounts() {
        SortedMap<AccountId, AccountState.Active> accounts = new TreeMap<>();
        formed().accounts().keySet().forEach(id -> {
            if (states.get("account/" + id) instanceof AccountState.Active a) accounts.put(id, a);
        });
        return accounts;
    }

    public Optional<ClusterPairId> clusterPair(UUID uuid) {
        return clusterPairs().entrySet().stream().filter(e -> uuid.equals(uuidOf(e.getValue()))).map(Map.Entry::getKey).findFirst();
    }

    static UUID uuidOf(ClusterPairState state) {
        return switch (state) {
            case ClusterPairState.Absent s   -> new UUID(0, 0);
            case ClusterPairState.Offered s  -> s.uuid();
            case ClusterPairState.Joining s  -> s.uuid();
            case ClusterPairState.Paired s   -> s.uuid();
            case ClusterPairState.Orphaned s -> s.uuid();
            case ClusterPairState.Removed s  -> new UUID(0, 0);
        };
    }

    /** What is known of a volume's completed pair. */
    public Optional<VolumePairState.Half> half(VolumeId id) {
        return switch (pairOf(id)) {
            case VolumePairState.Unpaired s  -> Optional.empty();
            case VolumePairState.Offered s   -> Optional.empty();
            case VolumePairState.Joining s   -> Optional.empty();
            case VolumePairState.Mirroring s -> Optional.of(s.half());
            case VolumePairState.Paused s    -> Optional.of(s.half());
            case VolumePairState.Severed s   -> Optional.of(s.half());
        };
    }
}
