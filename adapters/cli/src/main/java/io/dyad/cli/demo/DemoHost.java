package io.dyad.cli.demo;

import io.dyad.cli.history.Finding;
import io.dyad.cli.history.HistoryWriter;
import io.dyad.cli.history.StampedHost;
import io.dyad.cli.history.StampedHost.Habit;
import io.dyad.cli.history.StampedHost.Place;
import io.dyad.cli.history.Verdict;
import io.dyad.cli.history.Verdict.Strictness;
import io.dyad.cluster.VolumeBlocks;
import io.dyad.nbd.NbdUri;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The host of the demonstration: it writes to its disk over NBD, 4 KiB to 64 KiB at random places, and records what it wrote. */
final class DemoHost implements AutoCloseable {
    private static final int BLOCK_BYTES = 4096;
    private static final long MAX_RANGE_BLOCKS = 1L << 20;
    private static final Habit HABIT = new Habit(4, 16, 12_000_000L, 1);
    private final HistoryWriter history;
    private @Nullable StampedHost host;
    private long writes;
    private long bytes;

    private DemoHost(HistoryWriter history) { this.history = history; }

    /** Writes stay within the first {@code rangeBytes}, and within 4 GiB. */
    static DemoHost recordingIn(Path dir, long rangeBytes) throws IOException {
        int blocks = (int) Math.clamp(rangeBytes / BLOCK_BYTES, 16, MAX_RANGE_BLOCKS);
        return new DemoHost(HistoryWriter.create(dir.resolve("history"), UUID.randomUUID().getMostSignificantBits(), blocks, false));
    }

    long writes() { return writes + (host == null ? 0 : host.written()); }

    long bytes() { return bytes + (host == null ? 0 : host.writtenBytes()); }

    void start(NbdUri disk) { host = new StampedHost(history, () -> new Place(disk, false), HABIT); }

    boolean failed() { return host != null && !host.failures().isEmpty(); }

    /** A write that failed otherwise than by a fence fails the step. */
    void requireWell() {
        if (host != null && failed()) throw new DemoFailure("the host was let down: " + host.failures().getFirst());
    }

    /** Ends the writing. */
    void stop() {
        StampedHost last = host;
        if (last == null) return;
        last.stop();
        requireWell();
        writes += last.written();
        bytes += last.writtenBytes();
        host = null;
    }

    /** The number of blocks that hold a write, once it is sure that every one that was answered is there. Only while stopped. */
    int verify(VolumeBlocks volume) throws IOException {
        Finding found = Finding.read(history.file(), volume::read);
        Verdict verdict = Verdict.of(history.file(), found, new Strictness(true, true));
        verdict.misfit().ifPresent(m -> { throw new DemoFailure("block " + m.block() + ": " + m.why()); });
        return found.written();
    }

    @Override public void close() {
        if (host != null) host.stop();
    }
}
