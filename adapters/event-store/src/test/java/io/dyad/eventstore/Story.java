package io.dyad.eventstore;

import io.dyad.domain.ClusterCommand.FormCluster;
import io.dyad.domain.ClusterCommand.RenameCluster;
import io.dyad.domain.Command;
import io.dyad.domain.Decision;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumePairCommand.OfferPair;
import io.dyad.domain.VolumePairCommand.RemovePair;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Commands the tests give, and what they look at afterwards. */
final class Story {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");
    static final Cause CAUSE = new Cause("admin", "Test");

    private Story() { }

    static AxonEventLog open(Path dir) { return AxonEventLog.open(dir, () -> NOON); }

    static AxonEventLog open(Path dir, Tuning tuning) {
        return AxonEventLog.open(dir, () -> NOON, tuning, new EventTable(new NamedSerializer(), Upcasters.chain()));
    }

    /** H2 keeps old chunks this long instead of 45 s. */
    static Tuning retaining(int ms) {
        Tuning usual = Tuning.DEFAULT;
        return new Tuning(usual.fileSystem(), usual.syncStatement(), ms, usual.snapshotEvery(), usual.cachedAggregates());
    }

    static FormCluster form(String name) { return new FormCluster(new UUID(1, 2), "abcd", name); }

    static RenameCluster rename(String name) { return new RenameCluster(name); }

    /** Commands of one volume that alternate: whatever came before, one of the two appends an event. */
    static Command pairing(long volume, int step) {
        return step % 2 == 0 ? new OfferPair(new VolumeId(volume), new UUID(volume, step), Mode.ASYNC) : new RemovePair(new VolumeId(volume));
    }

    static List<Event> appended(Decision<Event> decision) {
        return switch (decision) {
            case Decision.Accepted<Event> accepted -> accepted.events();
            case Decision.Refused<Event> refused   -> throw new AssertionError(refused);
        };
    }

    static List<Event> execute(EventLog log, Command command) { return appended(log.execute(command, CAUSE)); }

    /** So many events from each of so many threads, each with a volume of its own: 1, 2, 3 … */
    static void load(EventLog log, int threads, int events) {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (int thread = 1; thread <= threads; thread++) {
                int volume = thread;
                pool.submit(() -> IntStream.range(0, events).forEach(step -> execute(log, pairing(volume, step))));
            }
        }
    }

    /** Everything in the log now. */
    static List<Recorded> all(EventLog log) throws Exception {
        List<Recorded> seen = new CopyOnWriteArrayList<>();
        log.observe(seen::add).close();
        return seen;
    }
}
