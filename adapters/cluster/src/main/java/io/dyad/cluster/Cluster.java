package io.dyad.cluster;

import io.dyad.cluster.Accounts.AccountInfo;
import io.dyad.cluster.Accounts.NewAccount;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Mode;
import io.dyad.domain.RefusedException;
import io.dyad.domain.VolumeId;
import io.dyad.replication.Verification;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * One storage cluster, open in this process. Safe for any thread. What a method returns from is durable; a rule that
 * says no throws {@link RefusedException} and has changed nothing. {@code cause} says in the audit who asked, by which call.
 */
public interface Cluster extends AutoCloseable {
    /** Opens the cluster in {@code dir}, or forms a new one there. */
    static ClusterBuilder at(Path dir) { return new ClusterBuilder(dir); }

    Info info();

    // ---- cluster pairs ----

    StartedPairing startClusterPairing(Cause cause);

    /** Answers the pair's number on this cluster. */
    ClusterPairId completeClusterPairing(String clusterPairingKey, Cause cause);

    List<PairedCluster> clusterPairs();

    void removeClusterPair(ClusterPairId id, Cause cause);

    // ---- volume pairs ----

    /** Answers the volume pairing key. */
    String startVolumePairing(VolumeId id, Mode mode, Cause cause);

    void completeVolumePairing(VolumeId id, String volumePairingKey, Cause cause);

    void modifyVolumePair(VolumeId id, Optional<Boolean> pausedManual, Optional<Mode> mode, Cause cause);

    /**
     * Begins to compare both ends of a pair at one point in the write order, while they run; what it answers tells how far that is.
     * {@code repair}: what differs is made the same.
     */
    Verification verify(VolumeId id, boolean repair);

    /** Fine for an unpaired volume. */
    void removeVolumePair(VolumeId id, Cause cause);

    // ---- people and hosts ----

    Accounts accounts();

    /** An account with secrets of its own making. */
    default AccountInfo addAccount(String username, Cause cause) { return accounts().add(NewAccount.of(username), cause); }

    Admins admins();

    /** Adds an administrator, or sets the password of one. */
    default void setAdmin(String username, char[] password, Cause cause) { admins().set(username, password, cause); }

    VolumeAccessGroups accessGroups();

    // ---- volumes ----

    VolumeInfo createVolume(NewVolume volume, Cause cause);

    /** Empty members stay as they are. A change of access has taken effect when this returns, a drain under way included. */
    VolumeInfo modifyVolume(VolumeId id, VolumeChange change, Cause cause);

    /** As {@link #modifyVolume} for each of them, all or none. */
    List<VolumeInfo> modifyVolumes(List<VolumeId> ids, VolumeChange change, Cause cause);

    void deleteVolume(VolumeId id, Cause cause);

    void restoreVolume(VolumeId id, Cause cause);

    void purgeVolume(VolumeId id, Cause cause);

    /** All that are not purged, by number. */
    List<VolumeInfo> volumes();

    Optional<VolumeInfo> volume(VolumeId id);

    VolumeStats stats(VolumeId id);

    Capacity capacity();

    /** The blocks of a volume, for this process. Within the volume's access at every call. */
    VolumeBlocks open(VolumeId id);

    ClusterSnapshots snapshots();

    /** Clones, copies and roll-backs. */
    ClusterJobs jobs();

    // ---- events ----

    History history();

    /** Hands over every event from the first on, then each new one once it is durable. */
    AutoCloseable follow(Consumer<Recorded> reader);

    /** Cuts the link to every peer, as a failing network would, until {@link #healLinks}. For drills and demonstrations. */
    void cutLinks();

    void healLinks();

    /** For the servers beside it: TLS with this cluster's own certificate. */
    SSLContext tls();

    /** Stops in order: streams end, what peers lack is remembered to the block. */
    @Override void close();

    /** {@code mvip} as clients write it: with its port when that is not 443. */
    record Info(String name, UUID uuid, String uniqueId, String mvip, String svip, String certificateFingerprint) { }

    record StartedPairing(ClusterPairId id, String clusterPairingKey) { }

    /** @param status Unconfigured, Connected, Misconfigured or Disconnected */
    record PairedCluster(ClusterPairId id, UUID uuid, String name, String uniqueId, String mvip, String version, String status, long latencyMillis) { }
}
