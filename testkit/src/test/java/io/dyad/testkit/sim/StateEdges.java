package io.dyad.testkit.sim;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which value of {@code remoteReplication.state} may follow which on one end (Element 12.x API, remoteReplication.state). */
final class StateEdges {
    private static final Set<String> VOCABULARY = Set.of("Unconfigured", "Idle", "ResumingConnected", "ResumingRRSync", "ResumingLocalSync",
        "ResumingDataTransfer", "Active", "PausedDisconnected", "PausedManual", "PausedManualRemote", "PausedMisconfigured", "PausedClusterFull",
        "PausedVolumeSizeMismatch", "StoppedMisconfigured");
    private final String where;
    private String last = "Unconfigured";
    private boolean streaming;

    StateEdges(String where) { this.where = where; }

    /** What a new process shows is not a step from what the last one showed. */
    void restarted() {
        if (!last.equals("StoppedMisconfigured")) last = "Unconfigured";
    }

    /** {@code inSync}: the session itself is in sync now; while it never ceased to be, a pause that was taken back at once ends in Active. */
    @Nullable String wrong(String now, boolean inSync) {
        String before = last;
        last = now;
        boolean unbroken = streaming && inSync;
        streaming = unbroken || inSync && now.equals("Active");
        if (before.equals(now)) return null;
        if (!VOCABULARY.contains(now)) return where + ": no such state: " + now;
        boolean fits = switch (now) {
            case "Unconfigured"         -> true;                            // removed here
            case "Active"               -> before.startsWith("Resuming") || unbroken && before.startsWith("Paused");
            case "ResumingRRSync"       -> before.equals("ResumingConnected");
            case "ResumingLocalSync"    -> before.equals("ResumingRRSync") || before.equals("ResumingConnected");
            case "ResumingDataTransfer" -> before.startsWith("Resuming") || before.equals("Active");
            default                     -> !before.equals("StoppedMisconfigured");
        };
        return fits ? null : before + " -> " + now;
    }
}
