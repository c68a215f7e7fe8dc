package io.dyad.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.Event;
import io.dyad.domain.EventLog.Recorded;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random commands from four threads on a disk that loses power at a random operation, again and again on what survived. */
class PowerCutTest {
    private static final int CUTS = 25;
    private static final int OPERATIONS_AT_MOST = 400;
    /** Without a sync H2 rarely touches the disk, so the power fails after this many answers at the latest. */
    private static final int ANSWERS_AT_MOST = 300;

    @TempDir Path dir;

    @BeforeAll static void lossy() { LossyFiles.register(); }

    /** What must be in the log whatever happens. */
    private record Promises(Set<Event> answered, Set<Recorded> observed) {
        Promises() { this(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet()); }

        void assertKept(Set<Recorded> log) {
            Set<Event> events = log.stream().map(Recorded::event).collect(Collectors.toSet());
            assertThat(observed).as("observed, but not in the log").filteredOn(recorded -> !log.contains(recorded)).isEmpty();
            assertThat(answered).as("answered, but not in the log").filteredOn(event -> !events.contains(event)).isEmpty();
        }
    }

    @Test void power_cuts_lose_nothing_that_was_answered_or_observed() throws Exception {
        var promises = new Promises();
        var chance = new Random(20260101);
        Path now = dir.resolve("0");
        for (int cut = 1; cut <= CUTS; cut++) {
            Path next = dir.resolve(Integer.toString(cut));
            runUntilThePowerFails(now, next, cut, "CHECKPOINT SYNC", promises, chance);
            promises.assertKept(reopened(next));
            now = next;
        }
        assertThat(promises.answered()).as("the test did something").hasSizeGreaterThan(CUTS);
    }

    @Test void without_the_sync_the_same_cuts_do_lose_something() throws Exception {
        var chance = new Random(20260101);
        int lost = 0;
        for (int cut = 1; cut <= 5; cut++) {
            var promises = new Promises();
            Path next = dir.resolve("survivors" + cut);
            runUntilThePowerFails(dir.resolve("unsynced" + cut), next, cut, "CALL 1", promises, chance);
            try {
                promises.assertKept(reopened(next));
            } catch (AssertionError | IllegalStateException e) {
                lost++;
            }
        }
        assertThat(lost).isPositive();
    }

    @Test void after_a_failed_sync_nothing_more_is_accepted_and_closing_ends() {
        LossyFiles.Disk disk = LossyFiles.disk(dir, 1 << 30);
        Tuning usual = Tuning.DEFAULT;
        try (var log = Story.open(dir, new Tuning("lossy:", usual.syncStatement(), usual.retentionMs(), usual.snapshotEvery(), usual.cachedAggregates()))) {
            Set<Recorded> observed = ConcurrentHashMap.newKeySet();
            log.observe(observed::add);
            Story.execute(log, Story.form("one"));
            disk.fail();

            for (String name : List.of("two", "three")) {
                assertThatThrownBy(() -> log.execute(Story.rename(name), Story.CAUSE)).isInstanceOf(IllegalStateException.class).hasMessageContaining("the event log is not durable");
            }
            assertThat(observed).as("nobody saw what is not on the disk").hasSize(1);
        }
    }

    private void runUntilThePowerFails(Path from, Path to, int generation, String sync, Promises promises, Random chance) throws Exception {
        LossyFiles.Disk disk = LossyFiles.disk(from, 60 + chance.nextInt(OPERATIONS_AT_MOST));
        Tuning usual = Tuning.DEFAULT;
        try (var log = Story.open(from, new Tuning("lossy:", sync, usual.retentionMs(), 5, usual.cachedAggregates())); var threads = Executors.newFixedThreadPool(4)) {
            log.observe(promises.observed()::add);
            IntStream.rangeClosed(1, 4).forEach(thread -> threads.submit(() -> commandUntilItFails(log, generation * 10L + thread, promises, disk)));
        } catch (IllegalStateException e) {
            assertThat(e).as("the power failed while opening").hasStackTraceContaining("the power has failed");
        }
        disk.survivors(to, chance);
    }

    private static void commandUntilItFails(AxonEventLog log, long volume, Promises promises, LossyFiles.Disk disk) {
        try {
            for (int step = 0; step < ANSWERS_AT_MOST / 4; step++) promises.answered().addAll(Story.execute(log, Story.pairing(volume, step)));
            disk.fail();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("the event log");
        }
    }

    private static Set<Recorded> reopened(Path survivors) {
        Set<Recorded> found = new HashSet<>();
        try (var log = Story.open(survivors)) {
            log.observe(found::add);
        }
        return found;
    }
}
