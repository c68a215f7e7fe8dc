package io.dyad.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Event;
import io.dyad.domain.EventLog.Recorded;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process under load is killed, again and again on the same log: whatever it said before is in the log afterwards. */
class KillTest {
    private static final int THREADS = 4;

    @TempDir Path dir;

    @Test void twenty_kills_lose_nothing_that_was_said() throws Exception {
        var chance = new Random();
        kill(20, kill -> Duration.ofMillis(chance.nextInt(300)));
    }

    /** Past 45 s H2 begins to overwrite old chunks: the gate of every other version of H2. */
    @Tag("long") @Test void kills_past_the_retention_time_lose_nothing_that_was_said() throws Exception {
        var chance = new Random();
        kill(4, kill -> Duration.ofMillis(50_000 + chance.nextInt(10_000)));
    }

    private interface Patience {
        Duration before(int kill);
    }

    private void kill(int kills, Patience patience) throws Exception {
        List<String> said = new ArrayList<>();
        for (int kill = 1; kill <= kills; kill++) {
            said.addAll(saidUntilKilled(kill, patience.before(kill)));
            Set<String> kept = inTheLog();
            assertThat(said).as("said before kill %d, but not in the log", kill).filteredOn(line -> !kept.contains(line)).isEmpty();
        }
        assertThat(said).as("the test did something").hasSizeGreaterThan(kills);
    }

    private List<String> saidUntilKilled(int generation, Duration patience) throws Exception {
        Process child = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-cp", System.getProperty("java.class.path"), Child.class.getName(), dir.toString(), Integer.toString(generation))
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var started = new CompletableFuture<Void>();
        var lines = CompletableFuture.supplyAsync(() -> read(child, started));
        started.get(60, TimeUnit.SECONDS);
        child.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(child.isAlive()).isTrue();
        child.destroyForcibly().waitFor();
        return lines.get(60, TimeUnit.SECONDS);
    }

    /** Whole lines only: each ends with a full stop. */
    private static List<String> read(Process child, CompletableFuture<Void> started) {
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = child.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                started.complete(null);
                if (line.endsWith(".")) lines.add(line);
            }
        } catch (IOException e) {
            started.completeExceptionally(e);
        }
        started.completeExceptionally(new IllegalStateException("the child said nothing"));
        return lines;
    }

    private Set<String> inTheLog() {
        Set<String> lines = new HashSet<>();
        try (var log = Story.open(dir)) {
            log.observe(recorded -> {
                lines.add(saw(recorded));
                lines.add(did(recorded.event()));
            });
        }
        return lines;
    }

    private static String saw(Recorded recorded) { return "saw " + recorded + "."; }

    private static String did(Event event) { return "did " + event + "."; }

    /** The process that is killed. */
    static final class Child {
        private Child() { }

        public static void main(String[] args) throws Exception {
            long generation = Long.parseLong(args[1]);
            try (var log = Story.open(Path.of(args[0]))) {
                log.observe(recorded -> say(saw(recorded)));
                List<Thread> threads = new ArrayList<>();
                for (long thread = 1; thread <= THREADS; thread++) {
                    long volume = generation * 10 + thread;
                    threads.add(Thread.startVirtualThread(() -> command(log, volume)));
                }
                for (Thread thread : threads) thread.join();
            }
        }

        private static void command(AxonEventLog log, long volume) {
            for (int step = 0; ; step++) for (Event event : Story.execute(log, Story.pairing(volume, step))) say(did(event));
        }

        private static synchronized void say(String line) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
