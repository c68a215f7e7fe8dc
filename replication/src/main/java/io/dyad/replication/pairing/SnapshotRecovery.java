package io.dyad.replication.pairing;

import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.JobState;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Group;
import io.dyad.domain.Snapshot.Origin;
import io.dyad.domain.Snapshot.Phase;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumeState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Brings log and stores together again after a crash:
 *
 * <pre>
 *   log \ store     | holds the cut                          | does not
 *   announced       | completed; a group only when all are   | abandoned, with its whole group
 *   expected        | completed: it arrived                  | still expected
 *   done            | nothing to do                          | deleted: its deletion was under way
 *   a job's         | nothing to do while it runs, else gone  | the job finds out
 *   not known       | kept, so that nothing is lost          | –
 * </pre>
 */
final class SnapshotRecovery {
    private static final Cause CAUSE = new Cause("system", "start");
    private final View view;
    private final Cuts cuts;
    private final VolumeSnapshots snapshots;

    SnapshotRecovery(View view, Cuts cuts, VolumeSnapshots snapshots) {
        this.view = view;
        this.cuts = cuts;
        this.snapshots = snapshots;
    }

    /** Whether there may be something to bring together: the others are looked at when they are opened, see {@link #adopt}. */
    boolean concerns(VolumeId id) {
        return cuts.isOpen(id) || !view.snapshots(id).isEmpty() || !view.deletedSnapshots(id).isEmpty() || view.jobs().values().stream().anyMatch(s -> reads(s, id));
    }

    private static boolean reads(JobState state, VolumeId id) {
        return switch (state) {
            case JobState.Running s   -> s.job().parts().stream().anyMatch(p -> p.source().equals(id));
            case JobState.Ended s     -> s.job().parts().stream().anyMatch(p -> p.source().equals(id));
            case JobState.Absent s    -> false;
            case JobState.Forgotten s -> false;
        };
    }

    /** Of these volumes; group snapshots are judged over all of them. */
    void recover(Set<VolumeId> volumes) {
        Map<VolumeId, Set<UUID>> held = new HashMap<>();
        volumes.forEach(id -> held.put(id, cuts.held(id)));
        Set<UUID> torn = tornGroups(held);
        held.forEach((id, names) -> view.snapshots(id).forEach(s -> settle(s, names.contains(s.uuid()), s.group().map(Group::uuid).filter(torn::contains).isPresent())));
        held.forEach(this::adopt);
    }

    /** The groups of which some announced member has no cut. */
    private Set<UUID> tornGroups(Map<VolumeId, Set<UUID>> held) {
        return view.snapshots().stream().filter(s -> s.phase() == Phase.PREPARING && !held.getOrDefault(s.volume(), Set.of()).contains(s.uuid()))
            .map(Snapshot::group).flatMap(Optional::stream).map(Group::uuid).collect(Collectors.toSet());
    }

    private void settle(Snapshot s, boolean held, boolean torn) {
        switch (s.phase()) {
            case PREPARING -> {
                if (held && !torn) snapshots.complete(s, CAUSE);
                else snapshots.abandon(s, CAUSE);
            }
            case SYNCING -> {
                if (held) snapshots.arrived(s.volume(), s.uuid(), CAUSE);
            }
            case DONE -> {
                if (!held) snapshots.lost(s, CAUSE);
            }
        }
    }

    /** Cuts that a volume held when it was opened, and that the log may not know. */
    void adopt(VolumeId id, Set<UUID> held) { held.forEach(cut -> adopt(id, cut)); }

    private void adopt(VolumeId id, UUID cut) {
        List<JobState> owners = view.jobs().values().stream().filter(s -> owns(s, cut)).toList();
        if (owners.stream().anyMatch(s -> s instanceof JobState.Running)) return;
        Set<UUID> known = new HashSet<>();
        view.snapshots(id).forEach(s -> known.add(s.uuid()));
        if (known.contains(cut)) return;
        if (!owners.isEmpty() || view.deletedSnapshots(id).contains(cut) || !cuts.held(id).contains(cut)) snapshots.forgetCut(id, cut);
        else if (view.volume(id) instanceof VolumeState.Active)
            snapshots.keep(id, cut, Origin.KEPT, new Terms("", false, Optional.empty(), Optional.empty(), Map.of()), CAUSE);
    }

    private static boolean owns(JobState state, UUID cut) {
        return switch (state) {
            case JobState.Running s   -> s.job().parts().stream().anyMatch(p -> p.cut().equals(cut) && p.snapshot().isEmpty());
            case JobState.Ended s     -> s.job().parts().stream().anyMatch(p -> p.cut().equals(cut) && p.snapshot().isEmpty());
            case JobState.Absent s    -> false;
            case JobState.Forgotten s -> false;
        };
    }
}
