package io.dyad.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.cli.demo.States.Sight;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The play in seven acts, from two empty clusters to two identical volumes. Whatever an operator would do goes through the JSON-RPC API. */
final class Demo implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A first sync slower than this has failed. */
    private static final long SLOWEST_BYTES_PER_SECOND = 2 << 20;
    private static final String SOURCE = "readWrite";
    private static final String TARGET = "replicationTarget";
    private static final String NO_DELAY = "00:00:00.000000";
    private static final int SOME_WRITES = 150;
    private final Image image;
    private final Screen screen;
    private final Await await;
    private final Site east;
    private final Site west;
    private final Optional<DemoHost> writer;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private String act = "";
    private long volumeBytes;
    private String imageSha256 = "";
    private @Nullable States states;

    /** Opens both clusters under {@code dir}. */
    Demo(Path dir, Image image, boolean writes, Screen screen, BooleanSupplier stopped) throws IOException {
        this.image = image;
        this.screen = screen;
        this.await = new Await(stopped);
        act("Two clusters, paired through the API");
        this.east = Site.open("east", dir.resolve("east"));
        open.push(east);
        try {
            this.west = Site.open("west", dir.resolve("west"));
            open.push(west);
        } catch (IOException | RuntimeException e) {
            east.close();
            throw e;
        }
        this.writer = writes ? Optional.of(DemoHost.recordingIn(dir, image.sizeBytes())) : Optional.empty();
    }

    String act() { return act; }

    /** Plays it all, and answers the proof. */
    String play() throws IOException {
        pairClusters();
        importImage();
        firstSync();
        pauseAndResume();
        cutAndRestore();
        failOver();
        return compare();
    }

    private void act(String title) {
        act = title;
        screen.act(title);
    }

    private void pairClusters() {
        for (Site site : new Site[] {east, west}) screen.line(site.name() + " serves " + site.api().endpoint());
        JsonNode started = east.api().call("StartClusterPairing", Map.of());
        west.api().call("CompleteClusterPairing", Map.of("clusterPairingKey", started.path("clusterPairingKey").asText()));
        await.until("both clusters show the pair as Connected", PATIENCE,
            () -> east.clusterPairStatus().equals("Connected") && west.clusterPairStatus().equals("Connected"), () -> east.clusterPairStatus() + ", " + west.clusterPairStatus());
        screen.line("cluster pair " + started.path("clusterPairID").asLong() + " is Connected on both ends");
    }

    private void importImage() throws IOException {
        act("A disk image becomes a volume of east");
        volumeBytes = east.createVolume("image", image.volumeBytes());
        west.createVolume("replica", volumeBytes);
        screen.line(image.file() + ", " + mib(image.sizeBytes()));
        Image.Imported imported;
        try (Bar bar = new Bar(screen, "import", image.sizeBytes())) {
            imported = image.into(east.blocks(), bytes -> step(bar, bytes));
        }
        imageSha256 = imported.sha256();
        screen.line("volume of " + mib(volumeBytes) + ", of which " + mib(imported.dataBytes()) + " hold data");
    }

    private void firstSync() {
        act("First sync" + writer.map(w -> ", while a host keeps writing").orElse(""));
        writer.ifPresent(w -> w.start(east.volume()));
        west.access(TARGET);
        String key = east.api().call("StartVolumePairing", Map.of("volumeID", east.volumeId(), "mode", "Async")).path("volumePairingKey").asText();
        west.api().call("CompleteVolumePairing", Map.of("volumeID", west.volumeId(), "volumePairingKey", key));
        States watched = new States(east, west, screen);
        open.push(watched);
        states = watched;
        try (SyncProgress progress = new SyncProgress(east, screen)) {
            Duration bound = PATIENCE.plusSeconds(volumeBytes / SLOWEST_BYTES_PER_SECOND);
            await.until("both ends are Active", bound, () -> {
                progress.look();
                return watched.look().active(SOURCE, TARGET);
            }, watched::look);
            progress.finish();
        }
        written();
    }

    private void pauseAndResume() {
        act("Pause and resume");
        east.api().call("ModifyVolumePair", Map.of("volumeID", east.volumeId(), "pausedManual", true));
        see("the pause shows on both ends", s -> s.states("PausedManual", "PausedManualRemote"));
        writeOn("while paused");
        east.api().call("ModifyVolumePair", Map.of("volumeID", east.volumeId(), "pausedManual", false));
        see("both ends are Active again", s -> s.active(SOURCE, TARGET));
    }

    private void cutAndRestore() {
        act("The link is cut and restored");
        east.cluster().cutLinks();
        see("the cut shows on both ends", s -> s.states("PausedDisconnected", "PausedDisconnected"));
        writeOn("while cut off");
        east.cluster().healLinks();
        see("both ends are Active again", s -> s.active(SOURCE, TARGET));
    }

    private void failOver() throws IOException {
        act("Planned failover, from east to west");
        east.access(TARGET);
        writer.ifPresent(DemoHost::stop);
        west.access(SOURCE);
        if (writer.isPresent()) {
            DemoHost w = writer.get();
            screen.line("the fence let " + w.writes() + " host writes in; west holds them all: " + w.verify(west.blocks()) + " blocks checked");
            w.start(west.volume());
        }
        see("both ends are Active in reverse", s -> s.active(TARGET, SOURCE));
        writeOn("on west");
    }

    private String compare() throws IOException {
        act("Both ends, block by block");
        writer.ifPresent(DemoHost::stop);
        await.until("east lacks nothing", PATIENCE, () -> west.asyncDelay().equals(NO_DELAY), () -> "delay " + west.asyncDelay());
        screen.line("the host has stopped, the delay is zero; east becomes readOnly to be read");
        east.access("readOnly");
        Comparison both = new Comparison(east.blocks(), west.blocks());
        String sha256;
        try (Bar bar = new Bar(screen, "compare", volumeBytes)) {
            sha256 = both.sha256(bytes -> step(bar, bytes));
        }
        if (writer.isPresent()) screen.line("both hold every acknowledged host write: " + writer.get().verify(east.blocks()) + " blocks checked");
        else if (!sha256.equals(imageSha256)) throw new DemoFailure("both ends are identical, but not the image: its SHA-256 is " + imageSha256 + ", theirs " + sha256);
        return "identical: " + volumeBytes + " bytes, sha256 " + sha256;
    }

    private void step(Bar bar, long bytes) {
        await.requireGoingOn();
        bar.reach(bytes);
    }

    private void see(String what, Predicate<Sight> wanted) {
        States watched = states;
        if (watched == null) throw new IllegalStateException("no pair is watched yet");
        await.until(what, PATIENCE, () -> wanted.test(watched.look()), watched::look);
    }

    /** Lets the host write on for a while. */
    private void writeOn(String when) {
        if (writer.isEmpty()) return;
        DemoHost w = writer.get();
        long enough = w.writes() + SOME_WRITES;
        await.until(SOME_WRITES + " more host writes " + when, PATIENCE, () -> w.writes() >= enough || w.failed(), () -> "write " + w.writes());
        w.requireWell();
        written();
    }

    private void written() { writer.ifPresent(w -> screen.line("the host has written " + w.writes() + " times, " + mib(w.bytes()))); }

    private static String mib(long bytes) { return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0); }

    /** Ends what runs, the latest first; never fails. */
    @Override public void close() {
        writer.ifPresent(DemoHost::close);
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                screen.line("closing failed: " + e);
            }
        }
    }
}
