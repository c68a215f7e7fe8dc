package io.dyad.testkit.sim.check;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which value of {@code remoteReplication.state} may follow which on one end (Element 12.x API, remoteReplication.state). */
public final class StateEdges {
    private static final Set<String> VOCABULARY = Set.of("Unconfigured", "Idle", "ResumingConnected", "ResumingRRSync", "ResumingLocalSync",
        "ResumingDataTransfer", "Active", "PausedDisconnected", "PausedManual", "PausedManualRemote", "PausedMisconfigured", "PausedClusterFull",
        "PausedVolumeSizeMismatch", "PausedExceededMaxSnapshotCount", "PausedSlowLink", "PausedQoS", "StoppedMisconfigured");
    /** Shown until an overload, or a target that was full, is caught up: a session may go on meanwhile. */
    private static final Set<String> OVERLOADS = Set.of("PausedClusterFull", "PausedSlowLink", "PausedQoS");
    private final String where;
    private String last = "Unconfigured";
    /** What the running session showed last; empty without one. */
    private String flowing = "";
    /** There was a session when the last state was shown. */
    private boolean had;

    public StateEdges(String where) { this.where = where; }

    /** What a new process shows is not a step from what the last one showed. */
    public void restarted() {
        if (!last.equals("StoppedMisconfigured")) last = "Unconfigured";
        flowing = "";
        had = false;
    }

    /**
     * {@code session}: there is one now. While it goes on, a pause that was taken back at once leads back to where it began; one
     * that ships snapshots only shows Idle throughout, so that another mode may find it anywhere. One that began before this end was
     * told that the other has yielded again is found wherever it has come to.
     */
    public @Nullable String wrong(String now, boolean session) {
        boolean flows = now.startsWith("Resuming") || now.equals("Active") || OVERLOADS.contains(now);
        boolean found = flows && had && session && last.equals("PausedMisconfigured");
        had = session;
        if (!session) flowing = "";
        String before = last.equals("StoppedMisconfigured") || !flows || flowing.isEmpty() ? last : flowing;
        last = now;
        if (session && (flows || now.equals("Idle"))) flowing = now;
        if (before.equals(now) || found) return null;
        if (!VOCABULARY.contains(now)) return where + ": no such state: " + now;
        boolean fits = switch (now) {
            case "Unconfigured"         -> true;                            // removed here
            case "Active"               -> before.startsWith("Resuming") || before.equals("Idle") || OVERLOADS.contains(before);
            case "ResumingRRSync"       -> before.equals("ResumingConnected") || before.equals("Idle");
            case "ResumingLocalSync"    -> before.equals("ResumingRRSync") || before.equals("ResumingConnected");
            case "ResumingDataTransfer" -> before.startsWith("Resuming") || before.equals("Active") || before.equals("Idle") || OVERLOADS.contains(before);
            default                     -> !before.equals("StoppedMisconfigured");
        };
        return fits ? null : before + " -> " + now;
    }
}
