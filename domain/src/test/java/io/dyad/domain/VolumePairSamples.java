package io.dyad.domain;

import static io.dyad.domain.Samples.OTHER_KEY;
import static io.dyad.domain.Samples.PAIR;
import static io.dyad.domain.Samples.PEER_VOLUME;
import static io.dyad.domain.Samples.SIZE_BYTES;
import static io.dyad.domain.Samples.THIS_KEY;
import static io.dyad.domain.Samples.VOLUME;

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
import io.dyad.domain.VolumePairEvent.PairAccepted;
import io.dyad.domain.VolumePairEvent.PairJoining;
import io.dyad.domain.VolumePairEvent.PairOffered;
import io.dyad.domain.VolumePairEvent.PairPaused;
import io.dyad.domain.VolumePairEvent.PairSevered;
import java.util.List;
import java.util.Optional;

/** Samples of a volume's half of a volume pair, offered as Async. */
final class VolumePairSamples {
    static final Event OFFERED = new PairOffered(VOLUME, THIS_KEY, Mode.ASYNC);
    static final Event JOINING = new PairJoining(VOLUME, THIS_KEY, PAIR, PEER_VOLUME.volumeId(), PEER_VOLUME.name());
    static final Event ACCEPTED = new PairAccepted(VOLUME, THIS_KEY, PAIR, PEER_VOLUME);
    static final Event PAUSED = new PairPaused(VOLUME);
    static final Event SEVERED = new PairSevered(VOLUME, THIS_KEY);
    static final ReplicationMode ASYNC = new ReplicationMode(Mode.ASYNC, 1);
    static final ReplicationMode NEWER_SYNC = new ReplicationMode(Mode.SYNC, 2);
    static final PeerVolume THIRD_VOLUME = new PeerVolume(11, "third", Access.REPLICATION_TARGET, SIZE_BYTES, false, false);
    static final PeerVolume GROWN_PEER = new PeerVolume(10, "copy", Access.REPLICATION_TARGET, 2 * SIZE_BYTES, false, false);

    private VolumePairSamples() { }

    static SampleSet all() {
        return asked(new SampleSet(Aggregate.VOLUME_PAIR, VolumePairState.class, VolumePairCommand.class)
            .past("", List.of())
            .past("", OFFERED)
            .past("", JOINING)
            .past("", OFFERED, ACCEPTED)
            .past("", OFFERED, ACCEPTED, PAUSED)
            .past("", OFFERED, ACCEPTED, SEVERED));
    }

    private static SampleSet asked(SampleSet set) {
        return set
            .ask("", new OfferPair(VOLUME, THIS_KEY, Mode.ASYNC))
            .ask("same key", new JoinPair(VOLUME, THIS_KEY, PAIR, 10, "copy"))
            .ask("another key", new JoinPair(VOLUME, OTHER_KEY, PAIR, 10, "copy"))
            .ask("same key, same volume", new AcceptPair(VOLUME, THIS_KEY, PAIR, PEER_VOLUME))
            .ask("same key, another volume", new AcceptPair(VOLUME, THIS_KEY, PAIR, THIRD_VOLUME))
            .ask("another key", new AcceptPair(VOLUME, OTHER_KEY, PAIR, PEER_VOLUME))
            .ask("same key", new ConfirmPair(VOLUME, THIS_KEY, PEER_VOLUME, ASYNC))
            .ask("another key", new ConfirmPair(VOLUME, OTHER_KEY, PEER_VOLUME, ASYNC))
            .ask("same key", new AbandonPair(VOLUME, THIS_KEY))
            .ask("another key", new AbandonPair(VOLUME, OTHER_KEY))
            .ask("no value", modify(Optional.empty(), Optional.empty()))
            .ask("pause", modify(Optional.of(true), Optional.empty()))
            .ask("resume", modify(Optional.of(false), Optional.empty()))
            .ask("same mode", modify(Optional.empty(), Optional.of(Mode.ASYNC)))
            .ask("another mode", modify(Optional.empty(), Optional.of(Mode.SYNC)))
            .ask("pause and another mode", modify(Optional.of(true), Optional.of(Mode.SYNC)))
            .ask("resume and another mode", modify(Optional.of(false), Optional.of(Mode.SYNC)))
            .ask("no news", new NotePeer(VOLUME, THIS_KEY, PEER_VOLUME, ASYNC))
            .ask("grown", new NotePeer(VOLUME, THIS_KEY, GROWN_PEER, ASYNC))
            .ask("newer mode", new NotePeer(VOLUME, THIS_KEY, PEER_VOLUME, NEWER_SYNC))
            .ask("grown, newer mode", new NotePeer(VOLUME, THIS_KEY, GROWN_PEER, NEWER_SYNC))
            .ask("another pairing", new NotePeer(VOLUME, OTHER_KEY, GROWN_PEER, NEWER_SYNC))
            .ask("this pairing", new SeverPair(VOLUME, THIS_KEY))
            .ask("another pairing", new SeverPair(VOLUME, OTHER_KEY))
            .ask("this pairing", new ReportMilestone(VOLUME, THIS_KEY, Milestone.IN_SYNC, "", 1))
            .ask("another pairing", new ReportMilestone(VOLUME, OTHER_KEY, Milestone.IN_SYNC, "", 1))
            .ask("", new RemovePair(VOLUME));
    }

    static ModifyPair modify(Optional<Boolean> pausedManual, Optional<Mode> mode) { return new ModifyPair(VOLUME, pausedManual, mode); }
}
