package io.dyad.eventstore;

import io.dyad.domain.AccessGroupsEvent.GroupCreated;
import io.dyad.domain.AccessGroupsEvent.GroupDeleted;
import io.dyad.domain.AccessGroupsEvent.GroupLabelled;
import io.dyad.domain.AccessGroupsEvent.GroupRenamed;
import io.dyad.domain.AccessGroupsEvent.GroupVolumeAdded;
import io.dyad.domain.AccessGroupsEvent.GroupVolumeRemoved;
import io.dyad.domain.AccessGroupsEvent.InitiatorAdded;
import io.dyad.domain.AccessGroupsEvent.InitiatorForgotten;
import io.dyad.domain.AccessGroupsEvent.InitiatorMet;
import io.dyad.domain.AccessGroupsEvent.InitiatorRemoved;
import io.dyad.domain.AccessGroupsEvent.LunsAssigned;
import io.dyad.domain.AccountEvent.AccountAdded;
import io.dyad.domain.AccountEvent.AccountLabelled;
import io.dyad.domain.AccountEvent.AccountLocked;
import io.dyad.domain.AccountEvent.AccountRemoved;
import io.dyad.domain.AccountEvent.AccountUnlocked;
import io.dyad.domain.AccountEvent.ChapChanged;
import io.dyad.domain.AdminEvent.AdminAccessChanged;
import io.dyad.domain.AdminEvent.AdminAdded;
import io.dyad.domain.AdminEvent.AdminLabelled;
import io.dyad.domain.AdminEvent.AdminRemoved;
import io.dyad.domain.AdminEvent.PasswordChanged;
import io.dyad.domain.ClusterEvent.AccountReleased;
import io.dyad.domain.ClusterEvent.AccountRenamed;
import io.dyad.domain.ClusterEvent.AccountReserved;
import io.dyad.domain.ClusterEvent.AdminReleased;
import io.dyad.domain.ClusterEvent.AdminReserved;
import io.dyad.domain.ClusterEvent.ClusterFormed;
import io.dyad.domain.ClusterEvent.ClusterPairReleased;
import io.dyad.domain.ClusterEvent.ClusterPairReserved;
import io.dyad.domain.ClusterEvent.ClusterRenamed;
import io.dyad.domain.ClusterEvent.NumbersTaken;
import io.dyad.domain.ClusterEvent.VolumeReleased;
import io.dyad.domain.ClusterEvent.VolumeReserved;
import io.dyad.domain.ClusterEvent.VolumeTransferred;
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
import io.dyad.domain.Event;
import io.dyad.domain.FaultsEvent.FaultCleared;
import io.dyad.domain.FaultsEvent.FaultRaised;
import io.dyad.domain.JobEvent.JobEnded;
import io.dyad.domain.JobEvent.JobForgotten;
import io.dyad.domain.JobEvent.JobStarted;
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
import io.dyad.domain.VolumeEvent.VolumeAccessChanged;
import io.dyad.domain.VolumeEvent.VolumeCreated;
import io.dyad.domain.VolumeEvent.VolumeDeleted;
import io.dyad.domain.VolumeEvent.VolumeGrown;
import io.dyad.domain.VolumeEvent.VolumeLabelled;
import io.dyad.domain.VolumeEvent.VolumePurged;
import io.dyad.domain.VolumeEvent.VolumeReassigned;
import io.dyad.domain.VolumeEvent.VolumeRestored;
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
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The name under which each event is stored, and the revision of its JSON. Names are for ever; a change of an event's fields
 * raises its revision and adds a step to {@link Upcasters}.
 */
enum EventType {
    CLUSTER_FORMED("cluster.formed", 1, ClusterFormed.class),
    CLUSTER_RENAMED("cluster.renamed", 1, ClusterRenamed.class),
    CLUSTER_PAIR_RESERVED("cluster.pair-reserved", 1, ClusterPairReserved.class),
    CLUSTER_PAIR_RELEASED("cluster.pair-released", 1, ClusterPairReleased.class),
    ACCOUNT_RESERVED("cluster.account-reserved", 1, AccountReserved.class),
    ACCOUNT_RELEASED("cluster.account-released", 1, AccountReleased.class),
    VOLUME_RESERVED("cluster.volume-reserved", 1, VolumeReserved.class),
    VOLUME_RELEASED("cluster.volume-released", 1, VolumeReleased.class),
    NUMBERS_TAKEN("cluster.numbers-taken", 1, NumbersTaken.class),
    CLUSTER_PAIR_OFFERED("cluster-pair.offered", 1, ClusterPairOffered.class),
    CLUSTER_PAIR_JOINING("cluster-pair.joining", 1, ClusterPairJoining.class),
    CLUSTER_PAIR_ACCEPTED("cluster-pair.accepted", 1, ClusterPairAccepted.class),
    CLUSTER_PAIR_CONFIRMED("cluster-pair.confirmed", 1, ClusterPairConfirmed.class),
    CLUSTER_PAIR_ABANDONED("cluster-pair.abandoned", 1, ClusterPairAbandoned.class),
    PEER_CLUSTER_NOTED("cluster-pair.peer-noted", 1, PeerClusterNoted.class),
    VOLUME_ATTACHED("cluster-pair.volume-attached", 1, VolumeAttached.class),
    VOLUME_DETACHED("cluster-pair.volume-detached", 1, VolumeDetached.class),
    CLUSTER_PAIR_ORPHANED("cluster-pair.orphaned", 1, ClusterPairOrphaned.class),
    LINK_REPORTED("cluster-pair.link-reported", 1, LinkReported.class),
    CLUSTER_PAIR_REMOVED("cluster-pair.removed", 1, ClusterPairRemoved.class),
    VOLUME_CREATED("volume.created", 1, VolumeCreated.class),
    VOLUME_ACCESS_CHANGED("volume.access-changed", 1, VolumeAccessChanged.class),
    VOLUME_GROWN("volume.grown", 1, VolumeGrown.class),
    VOLUME_REASSIGNED("volume.reassigned", 1, VolumeReassigned.class),
    VOLUME_LABELLED("volume.labelled", 1, VolumeLabelled.class),
    VOLUME_DELETED("volume.deleted", 1, VolumeDeleted.class),
    VOLUME_RESTORED("volume.restored", 1, VolumeRestored.class),
    VOLUME_PURGED("volume.purged", 1, VolumePurged.class),
    PAIR_OFFERED("volume-pair.offered", 1, PairOffered.class),
    PAIR_JOINING("volume-pair.joining", 1, PairJoining.class),
    PAIR_ACCEPTED("volume-pair.accepted", 1, PairAccepted.class),
    PAIR_CONFIRMED("volume-pair.confirmed", 1, PairConfirmed.class),
    PAIR_ABANDONED("volume-pair.abandoned", 1, PairAbandoned.class),
    PAIR_PAUSED("volume-pair.paused", 1, PairPaused.class),
    PAIR_RESUMED("volume-pair.resumed", 1, PairResumed.class),
    PAIR_MODE_CHANGED("volume-pair.mode-changed", 1, PairModeChanged.class),
    PEER_VOLUME_NOTED("volume-pair.peer-noted", 1, PeerVolumeNoted.class),
    PAIR_SEVERED("volume-pair.severed", 1, PairSevered.class),
    MILESTONE_REACHED("volume-pair.milestone-reached", 1, MilestoneReached.class),
    PAIR_REMOVED("volume-pair.removed", 1, PairRemoved.class),
    SNAPSHOT_ANNOUNCED("snapshots.announced", 1, SnapshotAnnounced.class),
    SNAPSHOT_EXPECTED("snapshots.expected", 1, SnapshotExpected.class),
    SNAPSHOT_KEPT("snapshots.kept", 1, SnapshotKept.class),
    SNAPSHOT_DESCRIBED("snapshots.described", 1, SnapshotDescribed.class),
    SNAPSHOT_COMPLETED("snapshots.completed", 1, SnapshotCompleted.class),
    SNAPSHOT_ABANDONED("snapshots.abandoned", 1, SnapshotAbandoned.class),
    SNAPSHOT_MODIFIED("snapshots.modified", 1, SnapshotModified.class),
    SNAPSHOT_UNGROUPED("snapshots.ungrouped", 1, SnapshotUngrouped.class),
    SNAPSHOT_DELETED("snapshots.deleted", 1, SnapshotDeleted.class),
    DELETED_FORGOTTEN("snapshots.deleted-forgotten", 1, DeletedForgotten.class),
    SNAPSHOTS_CLOSED("snapshots.closed", 1, SnapshotsClosed.class),
    JOB_STARTED("job.started", 1, JobStarted.class),
    JOB_ENDED("job.ended", 1, JobEnded.class),
    JOB_FORGOTTEN("job.forgotten", 1, JobForgotten.class),
    ACCOUNT_ADDED("account.added", 1, AccountAdded.class),
    ACCOUNT_REMOVED("account.removed", 1, AccountRemoved.class),
    ADMIN_ADDED("admin.added", 1, AdminAdded.class),
    PASSWORD_CHANGED("admin.password-changed", 1, PasswordChanged.class),
    ACCOUNT_LOCKED("account.locked", 1, AccountLocked.class),
    ACCOUNT_UNLOCKED("account.unlocked", 1, AccountUnlocked.class),
    ACCOUNT_LABELLED("account.labelled", 1, AccountLabelled.class),
    CHAP_CHANGED("account.chap-changed", 1, ChapChanged.class),
    ADMIN_ACCESS_CHANGED("admin.access-changed", 1, AdminAccessChanged.class),
    ADMIN_LABELLED("admin.labelled", 1, AdminLabelled.class),
    ADMIN_REMOVED("admin.removed", 1, AdminRemoved.class),
    ACCOUNT_RENAMED("cluster.account-renamed", 1, AccountRenamed.class),
    ADMIN_RESERVED("cluster.admin-reserved", 1, AdminReserved.class),
    ADMIN_RELEASED("cluster.admin-released", 1, AdminReleased.class),
    VOLUME_TRANSFERRED("cluster.volume-transferred", 1, VolumeTransferred.class),
    GROUP_CREATED("access-groups.created", 1, GroupCreated.class),
    GROUP_RENAMED("access-groups.renamed", 1, GroupRenamed.class),
    GROUP_LABELLED("access-groups.labelled", 1, GroupLabelled.class),
    INITIATOR_MET("access-groups.initiator-met", 1, InitiatorMet.class),
    INITIATOR_ADDED("access-groups.initiator-added", 1, InitiatorAdded.class),
    INITIATOR_REMOVED("access-groups.initiator-removed", 1, InitiatorRemoved.class),
    INITIATOR_FORGOTTEN("access-groups.initiator-forgotten", 1, InitiatorForgotten.class),
    GROUP_VOLUME_ADDED("access-groups.volume-added", 1, GroupVolumeAdded.class),
    GROUP_VOLUME_REMOVED("access-groups.volume-removed", 1, GroupVolumeRemoved.class),
    LUNS_ASSIGNED("access-groups.luns-assigned", 1, LunsAssigned.class),
    GROUP_DELETED("access-groups.deleted", 1, GroupDeleted.class),
    FAULT_RAISED("faults.raised", 1, FaultRaised.class),
    FAULT_CLEARED("faults.cleared", 1, FaultCleared.class);

    private static final Map<String, EventType> BY_NAME = Arrays.stream(values()).collect(Collectors.toMap(EventType::logicalName, Function.identity()));

    private final String logicalName;
    private final int revision;
    private final Class<? extends Event> event;

    EventType(String logicalName, int revision, Class<? extends Event> event) {
        this.logicalName = logicalName;
        this.revision = revision;
        this.event = event;
    }

    String logicalName() { return logicalName; }

    String revision() { return Integer.toString(revision); }

    Class<? extends Event> event() { return event; }

    static Optional<EventType> named(String name) { return Optional.ofNullable(BY_NAME.get(name)); }

    /** No default arm: an event without a name does not compile. */
    static EventType of(Event event) {
        return switch (event) {
            case ClusterFormed e        -> CLUSTER_FORMED;
            case ClusterRenamed e       -> CLUSTER_RENAMED;
            case ClusterPairReserved e  -> CLUSTER_PAIR_RESERVED;
            case ClusterPairReleased e  -> CLUSTER_PAIR_RELEASED;
            case AccountReserved e      -> ACCOUNT_RESERVED;
            case AccountReleased e      -> ACCOUNT_RELEASED;
            case VolumeReserved e       -> VOLUME_RESERVED;
            case VolumeReleased e       -> VOLUME_RELEASED;
            case NumbersTaken e         -> NUMBERS_TAKEN;
            case ClusterPairOffered e   -> CLUSTER_PAIR_OFFERED;
            case ClusterPairJoining e   -> CLUSTER_PAIR_JOINING;
            case ClusterPairAccepted e  -> CLUSTER_PAIR_ACCEPTED;
            case ClusterPairConfirmed e -> CLUSTER_PAIR_CONFIRMED;
            case ClusterPairAbandoned e -> CLUSTER_PAIR_ABANDONED;
            case PeerClusterNoted e     -> PEER_CLUSTER_NOTED;
            case VolumeAttached e       -> VOLUME_ATTACHED;
            case VolumeDetached e       -> VOLUME_DETACHED;
            case ClusterPairOrphaned e  -> CLUSTER_PAIR_ORPHANED;
            case LinkReported e         -> LINK_REPORTED;
            case ClusterPairRemoved e   -> CLUSTER_PAIR_REMOVED;
            case VolumeCreated e        -> VOLUME_CREATED;
            case VolumeAccessChanged e  -> VOLUME_ACCESS_CHANGED;
            case VolumeGrown e          -> VOLUME_GROWN;
            case VolumeReassigned e     -> VOLUME_REASSIGNED;
            case VolumeLabelled e       -> VOLUME_LABELLED;
            case VolumeDeleted e        -> VOLUME_DELETED;
            case VolumeRestored e       -> VOLUME_RESTORED;
            case VolumePurged e         -> VOLUME_PURGED;
            case PairOffered e          -> PAIR_OFFERED;
            case PairJoining e          -> PAIR_JOINING;
            case PairAccepted e         -> PAIR_ACCEPTED;
            case PairConfirmed e        -> PAIR_CONFIRMED;
            case PairAbandoned e        -> PAIR_ABANDONED;
            case PairPaused e           -> PAIR_PAUSED;
            case PairResumed e          -> PAIR_RESUMED;
            case PairModeChanged e      -> PAIR_MODE_CHANGED;
            case PeerVolumeNoted e      -> PEER_VOLUME_NOTED;
            case PairSevered e          -> PAIR_SEVERED;
            case MilestoneReached e     -> MILESTONE_REACHED;
            case PairRemoved e          -> PAIR_REMOVED;
            case SnapshotAnnounced e    -> SNAPSHOT_ANNOUNCED;
            case SnapshotExpected e     -> SNAPSHOT_EXPECTED;
            case SnapshotKept e         -> SNAPSHOT_KEPT;
            case SnapshotDescribed e    -> SNAPSHOT_DESCRIBED;
            case SnapshotCompleted e    -> SNAPSHOT_COMPLETED;
            case SnapshotAbandoned e    -> SNAPSHOT_ABANDONED;
            case SnapshotModified e     -> SNAPSHOT_MODIFIED;
            case SnapshotUngrouped e    -> SNAPSHOT_UNGROUPED;
            case SnapshotDeleted e      -> SNAPSHOT_DELETED;
            case DeletedForgotten e     -> DELETED_FORGOTTEN;
            case SnapshotsClosed e      -> SNAPSHOTS_CLOSED;
            case JobStarted e           -> JOB_STARTED;
            case JobEnded e             -> JOB_ENDED;
            case JobForgotten e         -> JOB_FORGOTTEN;
            case AccountAdded e         -> ACCOUNT_ADDED;
            case AccountRemoved e       -> ACCOUNT_REMOVED;
            case AdminAdded e           -> ADMIN_ADDED;
            case PasswordChanged e      -> PASSWORD_CHANGED;
            case AccountLocked e        -> ACCOUNT_LOCKED;
            case AccountUnlocked e      -> ACCOUNT_UNLOCKED;
            case AccountLabelled e      -> ACCOUNT_LABELLED;
            case ChapChanged e          -> CHAP_CHANGED;
            case AdminAccessChanged e   -> ADMIN_ACCESS_CHANGED;
            case AdminLabelled e        -> ADMIN_LABELLED;
            case AdminRemoved e         -> ADMIN_REMOVED;
            case AccountRenamed e       -> ACCOUNT_RENAMED;
            case AdminReserved e        -> ADMIN_RESERVED;
            case AdminReleased e        -> ADMIN_RELEASED;
            case VolumeTransferred e    -> VOLUME_TRANSFERRED;
            case GroupCreated e         -> GROUP_CREATED;
            case GroupRenamed e         -> GROUP_RENAMED;
            case GroupLabelled e        -> GROUP_LABELLED;
            case InitiatorMet e         -> INITIATOR_MET;
            case InitiatorAdded e       -> INITIATOR_ADDED;
            case InitiatorRemoved e     -> INITIATOR_REMOVED;
            case InitiatorForgotten e   -> INITIATOR_FORGOTTEN;
            case GroupVolumeAdded e     -> GROUP_VOLUME_ADDED;
            case GroupVolumeRemoved e   -> GROUP_VOLUME_REMOVED;
            case LunsAssigned e         -> LUNS_ASSIGNED;
            case GroupDeleted e         -> GROUP_DELETED;
            case FaultRaised e          -> FAULT_RAISED;
            case FaultCleared e         -> FAULT_CLEARED;
        };
    }
}
