package io.dyad.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.cli.operate.ApiFailure;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What the API shows of both ends of the volume pair, polled every {@value #POLL_MILLIS} ms; each change becomes a line on the screen.
 * Its own thread looks, and so does every wait: whoever sees a change first prints it.
 */
final class States implements AutoCloseable {
    private static final int POLL_MILLIS = 40;
    private final Site east;
    private final Site west;
    private final Screen screen;
    private final Thread watcher;
    private volatile boolean closed;
    private Sight last = new Sight(End.NONE, End.NONE);

    /** One end: access of the volume and remoteReplication.state of its pair. */
    record End(String access, String state) {
        static final End NONE = new End("", "");

        boolean is(String wantedAccess, String wantedState) { return access.equals(wantedAccess) && state.equals(wantedState); }
    }

    /** Both ends at one moment. */
    record Sight(End east, End west) {
        boolean active(String eastAccess, String westAccess) { return east.is(eastAccess, "Active") && west.is(westAccess, "Active"); }

        boolean states(String eastState, String westState) { return east.state().equals(eastState) && west.state().equals(westState); }
    }

    States(Site east, Site west, Screen screen) {
        this.east = east;
        this.west = west;
        this.screen = screen;
        this.watcher = Thread.ofPlatform().daemon().name("watcher").start(this::watch);
    }

    private void watch() {
        try {
            while (!closed) {
                look();
                LockSupport.parkNanos(POLL_MILLIS * 1_000_000L);
            }
        } catch (ApiFailure e) {
            if (!closed) screen.line("the watcher stopped: " + e.getMessage());
        }
    }

    /** Asks both ends now. */
    synchronized Sight look() {
        Sight now = new Sight(ask(east), ask(west));
        if (!now.equals(last)) screen.state(text(now));
        last = now;
        return now;
    }

    private static End ask(Site site) {
        JsonNode volumes = site.api().call("ListActivePairedVolumes", Map.of("startVolumeID", site.volumeId(), "limit", 1)).path("volumes");
        if (volumes.isEmpty()) return End.NONE;
        JsonNode volume = volumes.get(0);
        return new End(volume.path("access").asText(), volume.at("/volumePairs/0/remoteReplication/state").asText());
    }

    private String text(Sight s) {
        return String.format(Locale.ROOT, "%s %-17s %-20s %s %s %-17s %s", east.name(), shown(s.east().access()), shown(s.east().state()), screen.arrow(direction(s)),
            west.name(), shown(s.west().access()), shown(s.west().state())).stripTrailing();
    }

    private static String shown(String word) { return word.isEmpty() ? "unpaired" : word; }

    private static int direction(Sight s) {
        if (s.east().access().equals("readWrite") && s.west().access().equals("replicationTarget")) return 1;
        return s.west().access().equals("readWrite") && s.east().access().equals("replicationTarget") ? -1 : 0;
    }

    @Override public void close() {
        closed = true;
        LockSupport.unpark(watcher);
    }
}
