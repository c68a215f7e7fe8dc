package io.dyad.replication.pairing;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import io.dyad.domain.PeerVolume;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.PairEndpoint.Role;
import io.dyad.replication.PairEndpoint.Status;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.Standing;
import java.util.Set;

/** What a pair should do and what it shows, as pure functions of what both ends are (Element 12.x API, remoteReplication.state). */
final class Direction {
    /** Everything the two functions look at. {@code peerState}: what the other end said last that it shows; {@code overfull}: the target has no number left for a snapshot of the source. */
    record Facts(Volume own, boolean deleted, Half half, boolean paused, boolean severed, boolean linked, String peerState, boolean overfull) { }

    private static final String SLOW_LINK = "PausedSlowLink";
    private static final String QOS = "PausedQoS";
    private static final Set<String> OVERLOADS = Set.of(SLOW_LINK, QOS);

    private Direction() { }

    /** Access alone decides: readWrite is the source, replicationTarget the target, and there is one of each or no direction. */
    static Role role(Access own, Access peer) {
        if (own == Access.READ_WRITE && peer == Access.REPLICATION_TARGET) return Role.SOURCE;
        if (own == Access.REPLICATION_TARGET && peer == Access.READ_WRITE) return Role.TARGET;
        return Role.NONE;
    }

    /** Why no data may flow, in a word; empty when it may. */
    static String hold(Facts f) {
        if (f.severed()) return "unpaired";
        if (f.paused() || f.half().peer().pausedManual()) return "pause";
        if (f.deleted() || f.half().peer().deleted()) return "deleted";
        if (tooSmall(f)) return "size";
        return f.overfull() ? "snapshots" : "";
    }

    static String state(Facts f, Status now) {
        PeerVolume peer = f.half().peer();
        if (f.severed()) return "StoppedMisconfigured";
        if (f.paused()) return "PausedManual";
        if (!f.linked()) return "PausedDisconnected";
        if (peer.pausedManual()) return "PausedManualRemote";
        if (f.deleted() || peer.deleted() || role(f.own().access(), peer.access()) == Role.NONE) return "PausedMisconfigured";
        if (tooSmall(f)) return "PausedVolumeSizeMismatch";
        if (f.overfull()) return "PausedExceededMaxSnapshotCount";
        if (f.half().mode().mode() == Mode.SNAPSHOTS_ONLY) return "Idle";
        if (now.refused().equals(PairEndpoint.TARGET_FULL)) return "PausedClusterFull";
        if (now.refused().equals(PairEndpoint.TOO_MANY_SNAPSHOTS)) return "PausedExceededMaxSnapshotCount";
        if (now.draining() || now.role() != role(f.own().access(), peer.access())) return "ResumingConnected";
        return switch (now.flow()) {
            case APART, CONNECTING -> "ResumingConnected";
            case COMPARING         -> "ResumingRRSync";
            case TRANSFER          -> behind(f, now);
            case CATCHING_UP       -> behind(f, now);
            case IDLE              -> "ResumingConnected";               // the session is about to begin again in another mode
            case ACTIVE            -> now.role() == Role.SOURCE || f.peerState().equals("Active") ? "Active" : behind(f, now);
        };
    }

    /** Catching up, and whether an overload made it necessary: the source knows, its target repeats it. */
    private static String behind(Facts f, Status now) {
        if (now.role() == Role.TARGET) return OVERLOADS.contains(f.peerState()) ? f.peerState() : "ResumingDataTransfer";
        return switch (now.overload()) {
            case NONE  -> "ResumingDataTransfer";
            case LINK  -> SLOW_LINK;
            case LIMIT -> QOS;
        };
    }

    /** True while both ends are readWrite, and not on their way to another direction. */
    static boolean bothWrite(Facts f, Status now) {
        return f.own().access() == Access.READ_WRITE && f.half().peer().access() == Access.READ_WRITE && !now.draining() && !f.severed();
    }

    /** What is to be said of the state of two ends that are both written to, beside its name: whether they have diverged and by how much. */
    static String details(Standing own, Standing peer) {
        if (!own.divergedFrom(peer)) return "";
        return "The ends have diverged: " + own.alone() + " blocks may be held only here, " + peer.alone() + " only on the other end. "
            + "The end that is made replicationTarget keeps its own as a snapshot.";
    }

    /** In sync as a source; a session that only drains before a switch is none. */
    static boolean active(Status now) { return now.role() == Role.SOURCE && now.flow() == Flow.ACTIVE && !now.draining(); }

    /** What the other end is told of this one's session, for it to show: in sync, overloaded, or nothing. */
    static String phase(Status now) {
        if (active(now)) return "Active";
        return switch (now.overload()) {
            case NONE  -> "";
            case LINK  -> SLOW_LINK;
            case LIMIT -> QOS;
        };
    }

    private static boolean tooSmall(Facts f) {
        long own = f.own().sizeBytes();
        long peer = f.half().peer().sizeBytes();
        return switch (role(f.own().access(), f.half().peer().access())) {
            case SOURCE -> own > peer;
            case TARGET -> peer > own;
            case NONE   -> false;
        };
    }
}
