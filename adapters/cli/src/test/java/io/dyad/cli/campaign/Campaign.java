package io.dyad.cli.campaign;

import io.dyad.cli.history.Finding;
import io.dyad.cli.history.HistoryWriter;
import io.dyad.cli.history.StampedHost;
import io.dyad.cli.history.StampedHost.Habit;
import io.dyad.cli.history.StampedHost.Place;
import io.dyad.cli.history.Verdict;
import io.dyad.cli.history.Verdict.Strictness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Rounds of trouble for one mirrored pair, each judged by what a host recorded, against the content of both ends. */
abstract class Campaign {
    private static final int DEPTH = 32, MAX_BLOCKS = 8;
    private static final long PAUSE_NS = 20_000_000L;
    private static final double SLACK = 1.05;
    private static final int BLOCK_BYTES = 4096;
    /** Processes are killed here, no machine loses power: whatever was answered is there. */
    static final Strictness PREFIX = new Strictness(true, false), WHOLE = new Strictness(true, true);
    final MirroredPair pair;
    final SplittableRandom random;
    final Score score;
    HistoryWriter history;
    private volatile Place place;

    Campaign(MirroredPair pair, Path dir, int blocks, long seed, Score score) throws IOException {
        this.pair = pair;
        this.random = new SplittableRandom(seed);
        this.score = score;
        this.history = HistoryWriter.create(dir.resolve("history"), random.nextLong(), blocks, true);
        this.place = new Place(pair.source().volume(), false);
    }

    /** One round; the pair is Active when it begins and when it ends. */
    abstract void round() throws Exception;

    void play(int rounds) throws Exception {
        pair.pairClusters();
        prepare();
        pair.pairVolumes();
        pair.awaitActive();
        for (int i = 0; i < rounds; i++) {
            round();
            score.round();
        }
        pair.awaitEqual();
        judge("at the end", pair.atTarget(history.file()), WHOLE);
        judge("at the end, the source", pair.atSource(history.file()), WHOLE);
        history.close();
    }

    /** Something to ship at first. */
    void prepare() throws IOException { write(200); }

    void write(int writes) throws IOException {
        try (StampedHost host = host()) {
            awaitWrites(host, writes);
        }
    }

    /** Writes until it is closed, which waits for the answers and flushes. */
    StampedHost host() { return host(PAUSE_NS); }

    /** {@code pauseNs} between its bursts. */
    StampedHost host(long pauseNs) { return host(history, () -> place, pauseNs); }

    StampedHost host(HistoryWriter record, Supplier<Place> where) { return host(record, where, PAUSE_NS); }

    private StampedHost host(HistoryWriter record, Supplier<Place> where, long pauseNs) {
        return new StampedHost(record, where, new Habit(DEPTH, MAX_BLOCKS, pauseNs, random.nextLong()));
    }

    /** Where the host goes when it has to connect again. */
    void moveHost(boolean moved) { place = new Place(pair.source().volume(), moved); }

    void awaitWrites(StampedHost host, int more) {
        long wanted = host.written() + more;
        pair.await(more + " more writes", () -> host.written() >= wanted || !host.failures().isEmpty());
        if (!host.failures().isEmpty()) throw new AssertionError("the host was let down: " + host.failures());
    }

    void judge(String when, Finding found, Strictness how) throws IOException { judge(when, found, history, how); }

    void judge(String when, Finding found, HistoryWriter by, Strictness how) throws IOException {
        Verdict verdict = Verdict.of(by.file(), found, how);
        score.judged();
        verdict.misfit().ifPresent(m -> { throw new AssertionError(when + ": block " + m.block() + ": " + m.why()); });
    }

    /** The target is a state after a prefix, now. */
    Finding judgeTarget(String when) throws IOException {
        Finding found = pair.atTarget(history.file());
        judge(when, found, PREFIX);
        return found;
    }

    /** The source holds whatever it answered; no host writes. */
    Finding judgeSource(String when) throws IOException {
        Finding found = pair.atSource(history.file());
        judge(when, found, WHOLE);
        return found;
    }

    /** Runs {@code resume}, with no host, and holds the payload that the source says it shipped beside what differed; digests are counted apart. */
    void catchUp(String what, int differing, Runnable resume) {
        long before = shippedBytes("Payload");
        long digestsBefore = shippedBytes("Digest");
        resume.run();
        pair.awaitEqual();
        long payload = shippedBytes("Payload") - before;
        long digests = shippedBytes("Digest") - digestsBefore;
        hold(what, differing * (long) BLOCK_BYTES, 0, payload, digests);
    }

    /** Counts what was shipped, and holds it beside what was due; so many bytes more may have been lost on their way. */
    void hold(String what, long dueBytes, long lostBytes, long payloadBytes, long digestBytes) {
        score.shipped(dueBytes, payloadBytes, digestBytes);
        if (payloadBytes > SLACK * dueBytes + lostBytes)
            throw new AssertionError(what + ": " + dueBytes + " bytes were due, but " + payloadBytes + " bytes of payload were shipped, digests " + digestBytes);
    }

    long shippedBytes(String what) { return pair.source().call("GetVolumeStats", Map.of("volumeID", 1)).at("/volumeStats/dyadShipped" + what + "Bytes").asLong(); }
}
