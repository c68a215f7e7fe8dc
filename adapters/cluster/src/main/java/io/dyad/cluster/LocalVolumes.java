package io.dyad.cluster;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairState;
import io.dyad.domain.VolumeState;
import io.dyad.replication.LagMeter;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.pairing.Coordinator;
import io.dyad.replication.pairing.Ticker;
import io.dyad.replication.pairing.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a cluster shows of its volumes: what they are, how their replication stands, and what they have done. */
final class LocalVolumes {
    private final Coordinator coordinator;
    private final View view;
    private final VolumeHosts hosts;
    private final Ticker ticker;

    LocalVolumes(Coordinator coordinator, VolumeHosts hosts, Ticker ticker) {
        this.coordinator = coordinator;
        this.view = coordinator.node().view();
        this.hosts = hosts;
        this.ticker = ticker;
    }

    /** Those that exist, deleted ones among them. */
    List<VolumeInfo> all() {
        return view.volumes().keySet().stream().map(this::find).flatMap(Optional::stream).toList();
    }

    VolumeInfo known(VolumeId id) {
        return find(id).orElseThrow(() -> new RefusedException(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id + " does not exist"));
    }

    Optional<VolumeInfo> find(VolumeId id) {
        return switch (view.volume(id)) {
            case VolumeState.Active s  -> Optional.of(new VolumeInfo(s.volume(), Optional.empty(), Optional.empty(), pair(s.volume())));
            case VolumeState.Deleted s -> Optional.of(new VolumeInfo(s.volume(), Optional.of(s.at()), Optional.of(s.purgeAt()), pair(s.volume())));
            case VolumeState.Absent s  -> Optional.empty();
            case VolumeState.Purged s  -> Optional.empty();
        };
    }

    private Optional<VolumeInfo.Pair> pair(Volume volume) {
        return switch (view.pairOf(volume.id())) {
            case VolumePairState.Unpaired s  -> Optional.empty();
            case VolumePairState.Offered s   -> Optional.of(new VolumeInfo.Pair(s.uuid(), Optional.empty(), 0, "", s.mode(), "Unconfigured", "", false, 0, 0));
            case VolumePairState.Joining s   -> Optional.of(new VolumeInfo.Pair(s.uuid(), Optional.of(s.cluster()), s.remoteVolumeId(), s.remoteName(), Mode.ASYNC, "Unconfigured", "", false, 0, 0));
            case VolumePairState.Mirroring s -> Optional.of(pair(volume, s.half()));
            case VolumePairState.Paused s    -> Optional.of(pair(volume, s.half()));
            case VolumePairState.Severed s   -> Optional.of(pair(volume, s.half()));
        };
    }

    private VolumeInfo.Pair pair(Volume volume, VolumePairState.Half half) {
        Coordinator.Shown shown = coordinator.shown(volume);
        PairEndpoint.Status now = shown.status();
        return new VolumeInfo.Pair(half.uuid(), Optional.of(half.cluster()), half.peer().volumeId(), half.peer().name(), half.mode().mode(), shown.state(), shown.details(),
            shown.connected(), now.blocksLeft(), now.blocksTotal());
    }

    VolumeStats stats(VolumeId id) {
        VolumeInfo info = known(id);
        HostedVolume v = hosts.hosted(id);
        VolumeStats.Replication lag = lag(info);
        try {
            return new VolumeStats(v.counters.total(), v.counters.lastSample(), v.counters.samplePeriod(), v.sizeBytes(), hosts.opened(id).allocatedBytes(),
                delay(info, lag), lag);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Duration> delay(VolumeInfo info, VolumeStats.Replication lag) {
        return replicates(info) ? Optional.of(lag.oldestUnreplicated()) : Optional.empty();
    }

    private static boolean replicates(VolumeInfo info) { return info.pair().filter(p -> p.cluster().isPresent() && p.mode() != Mode.SNAPSHOTS_ONLY).isPresent(); }

    private VolumeStats.Replication lag(VolumeInfo info) {
        if (info.pair().isEmpty() || info.volume().access() != Access.READ_WRITE) return VolumeStats.Replication.NONE;
        LagMeter.Reading now = hosts.opened(info.volume().id()).lag(ticker.nowNs());
        Optional<Duration> eta = now.etaNs().isPresent() ? Optional.of(Duration.ofNanos(now.etaNs().getAsLong())) : Optional.empty();
        return new VolumeStats.Replication(now.bytes(), Duration.ofNanos(now.oldestNs()), eta, now.payloadBytes(), now.digestBytes());
    }

    /** How far a volume's target is behind; empty where it is not meant to follow each write. */
    Optional<Duration> delay(VolumeId id) {
        VolumeInfo info = known(id);
        return delay(info, lag(info));
    }
}
