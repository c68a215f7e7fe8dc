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

/** What a pair should do and what it shows, as pure functions of what both ends are (Element 12.x API, remoteReplication.state). */
final class Direction {
    /** Everything the two functions look at. {@code peerActive}: the other end said last that it is in sync; {@code overfull}: the target has no number left for a snapshot of the source. */
    record Facts(Volume own, boolean deleted, Half half, boolean paused, boolean severed, boolean linked, boolean peerActive, boolean overfull) { }

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
        if (f.overfull()) return "snapshots";
        return f.half().mode().mode() == Mode.SNAPSHOTS_ONLY ? "mode" : "";
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
        if (now.draining() || now.role() != role(f.own().access(), peer.access())) return "ResumingConnected";
        return switch (now.flow()) {
            case APART, CONNECTING -> "ResumingConnected";
            case COMPARING         -> "ResumingRRSync";
            case TRANSFER          -> "ResumingDataTransfer";
            case CATCHING_UP       -> "ResumingDataTransfer";
            case ACTIVE            -> now.role() == Role.SOURCE || f.peerActive() ? "Active" : "ResumingDataTransfer";
        };
    }

    /** In sync as a source; a session that only drains before a switch is none. */
    static boolean active(Status now) { return now.role() == Role.SOURCE && now.flow() == Flow.ACTIVE && !now.draining(); }

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
