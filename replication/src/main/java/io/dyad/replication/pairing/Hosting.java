package io.dyad.replication.pairing;

import io.dyad.domain.Volume;
import io.dyad.domain.VolumeId;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.Standing;
import io.dyad.replication.Terms;
import io.dyad.replication.Wish;
import java.util.Optional;
import java.util.UUID;

/** The data plane of one cluster as its control plane sees it. Every call is level-triggered: the same again changes nothing. */
public interface Hosting extends Cuts {
    /** The volume is there, with this size at least, and serves hosts within its access; not while {@code closed}: deleted, or being filled by a job. */
    void host(Volume volume, boolean closed);

    /** The volume's end of this pair is to be so. Unpaired: empty. */
    void pair(VolumeId volume, Optional<Wanted> wanted);

    /** What holds for a pair whose volume says nothing of its own. */
    default Terms terms() { return Terms.DEFAULT; }

    /** The volume and its blocks are gone. */
    void drop(VolumeId volume);

    /** What is true of the volume's end of its pair now; empty when it is not paired. */
    Optional<PairEndpoint.Status> status(VolumeId volume);

    /** Where the volume stands towards the other end of its pair now. */
    Standing standing(VolumeId volume);

    /** The other end has opened the pipe of this volume's pair; throws when it is of no use here now. */
    FramePipe.Receiver accept(VolumeId volume, FramePipe pipe) throws LinkDownException;

    /** What a volume's end of a pair is to do, and how its pipe is found. */
    record Wanted(UUID pair, UUID clusterPair, boolean dials, Wish wish) { }
}
