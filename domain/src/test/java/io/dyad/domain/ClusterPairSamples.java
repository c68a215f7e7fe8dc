package io.dyad.domain;

import static io.dyad.domain.Samples.OTHER_KEY;
import static io.dyad.domain.Samples.OTHER_VOLUME;
import static io.dyad.domain.Samples.PAIR;
import static io.dyad.domain.Samples.PEER;
import static io.dyad.domain.Samples.STRANGER;
import static io.dyad.domain.Samples.THIS_KEY;
import static io.dyad.domain.Samples.VOLUME;

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
import io.dyad.domain.ClusterPairEvent.ClusterPairAccepted;
import io.dyad.domain.ClusterPairEvent.ClusterPairConfirmed;
import io.dyad.domain.ClusterPairEvent.ClusterPairJoining;
import io.dyad.domain.ClusterPairEvent.ClusterPairOffered;
import io.dyad.domain.ClusterPairEvent.ClusterPairOrphaned;
import io.dyad.domain.ClusterPairEvent.ClusterPairRemoved;
import io.dyad.domain.ClusterPairEvent.VolumeAttached;
import java.util.List;

/** Samples of one half of a cluster pair. */
final class ClusterPairSamples {
    static final Event OFFERED = new ClusterPairOffered(PAIR, THIS_KEY);
    static final Event JOINING = new ClusterPairJoining(PAIR, THIS_KEY, PEER.uniqueId(), PEER.mvip());
    static final Event ACCEPTED = new ClusterPairAccepted(PAIR, PEER);
    static final Event CONFIRMED = new ClusterPairConfirmed(PAIR, PEER);
    static final Event ATTACHED = new VolumeAttached(PAIR, VOLUME);
    static final Event ORPHANED = new ClusterPairOrphaned(PAIR);
    static final PeerCluster RENAMED_PEER =
        new PeerCluster(PEER.uuid(), PEER.uniqueId(), "DR2", PEER.mvip(), PEER.link(), PEER.version(), PEER.pairId());

    private ClusterPairSamples() { }

    static SampleSet all() {
        return new SampleSet(Aggregate.CLUSTER_PAIR, ClusterPairState.class, ClusterPairCommand.class)
            .past("", List.of())
            .past("", OFFERED)
            .past("", JOINING)
            .past("started here", OFFERED, ACCEPTED)
            .past("completed here", JOINING, CONFIRMED)
            .past("volume 7 attached", OFFERED, ACCEPTED, ATTACHED)
            .past("no volume attached", OFFERED, ACCEPTED, ORPHANED)
            .past("volume 7 attached", OFFERED, ACCEPTED, ATTACHED, ORPHANED)
            .past("", OFFERED, new ClusterPairRemoved(PAIR))
            .ask("", new OfferClusterPair(PAIR, THIS_KEY))
            .ask("same key", new JoinClusterPair(PAIR, THIS_KEY, PEER.uniqueId(), PEER.mvip()))
            .ask("another key", new JoinClusterPair(PAIR, OTHER_KEY, STRANGER.uniqueId(), STRANGER.mvip()))
            .ask("by the same cluster", new AcceptClusterPair(PAIR, PEER))
            .ask("by another cluster", new AcceptClusterPair(PAIR, STRANGER))
            .ask("", new ConfirmClusterPair(PAIR, PEER))
            .ask("", new AbandonClusterPair(PAIR))
            .ask("no news", new NotePeerCluster(PAIR, PEER))
            .ask("a new name", new NotePeerCluster(PAIR, RENAMED_PEER))
            .ask("for volume 7", new AttachVolume(PAIR, VOLUME))
            .ask("for volume 8", new AttachVolume(PAIR, OTHER_VOLUME))
            .ask("for volume 7", new DetachVolume(PAIR, VOLUME))
            .ask("for volume 8", new DetachVolume(PAIR, OTHER_VOLUME))
            .ask("", new OrphanClusterPair(PAIR))
            .ask("", new ReportLink(PAIR, false, 3))
            .ask("", new RemoveClusterPair(PAIR));
    }
}
