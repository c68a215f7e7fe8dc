package io.dyad.replication.pairing;

import io.dyad.domain.AccountId;
import io.dyad.domain.ClusterCommand.ReleaseClusterPair;
import io.dyad.domain.ClusterCommand.ReleaseVolume;
import io.dyad.domain.ClusterPairCommand.DetachVolume;
import io.dyad.domain.ClusterPairState;
import io.dyad.domain.ClusterState.Formed;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeCommand.ModifyVolume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumeState;
import java.util.Optional;

/**
 * Finishes, at the start, what a crash cut short between two commands of {@link ClusterNode}: numbers without an owner, volumes
 * without blocks or with two owners, stale attachments. One thread, before anybody calls the node.
 */
final class NodeRecovery {
    private final ClusterNode node;
    private final View view;
    private final Cause cause = new Cause("system", "start");

    NodeRecovery(ClusterNode node) {
        this.node = node;
        this.view = node.view();
    }

    void recover() {
        Formed formed = view.formed();
        node.people().recover(cause);
        formed.pairs().forEach(id -> {
            if (!view.clusterPairs().containsKey(id)) node.execute(new ReleaseClusterPair(id), cause);
        });
        formed.volumes().forEach(this::volume);
        view.clusterPairs().forEach((id, state) -> {
            if (!(state instanceof ClusterPairState.Paired p)) return;
            p.volumes().stream().filter(v -> !node.clusterOf(v).equals(Optional.of(id)))
                .forEach(v -> node.execute(new DetachVolume(id, v), cause));
        });
    }

    /** {@code owner}: by the cluster's word. */
    private void volume(VolumeId id, AccountId owner) {
        switch (view.volume(id)) {
            case VolumeState.Absent s  -> node.execute(new ReleaseVolume(id), cause);
            case VolumeState.Purged s  -> node.forget(id, cause);
            case VolumeState.Active s when !s.volume().account().equals(owner) -> reassign(s.volume(), owner);
            case VolumeState.Active s  -> { }            // the coordinator hosts what is there
            case VolumeState.Deleted s -> { }
        }
    }

    /** A crash came between the cluster's word on a volume's owner and the volume's own. */
    private void reassign(Volume volume, AccountId owner) {
        node.execute(new ModifyVolume(volume.id(), Optional.empty(), Optional.empty(), Optional.of(owner), Optional.empty(), Optional.empty()), cause);
    }
}
