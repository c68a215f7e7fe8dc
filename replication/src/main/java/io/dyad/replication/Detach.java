package io.dyad.replication;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The last word of an end in a session, as DETACH carries it: one of those that the other end acts upon, or a reason for its log. */
final class Detach {
    /** To a source: bring what is acknowledged, another direction is wanted. */
    static final String DRAIN = "drain";
    /** To a target: it has everything that was acknowledged. */
    static final String DRAINED = "drained";
    /** The session begins again at once. */
    static final String RELOAD = "reload";

    private Detach() { }

    static Frame frame(String why) { return Frame.of(FrameType.DETACH, 0, 0, ByteBuffer.wrap(why.getBytes(StandardCharsets.UTF_8))); }

    static String why(Frame detach) { return StandardCharsets.UTF_8.decode(detach.payload()).toString(); }

    /** What is said when a session broke. */
    static String after(Exception e) {
        return switch (e) {
            case StoreFullException full -> PairEndpoint.TARGET_FULL;
            case SnapshotLimitException crowded -> PairEndpoint.TOO_MANY_SNAPSHOTS;
            default -> "error: " + e.getMessage();
        };
    }
}
