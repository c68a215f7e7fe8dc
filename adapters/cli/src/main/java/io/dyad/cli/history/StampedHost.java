package io.dyad.cli.history;

import io.dyad.nbd.NbdDisk;
import io.dyad.nbd.NbdUri;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A host that keeps writing stamped blocks to a disk and records all of it. When the connection is lost or the disk becomes
 * read-only it comes back, to wherever the disk is then, reads what is there, and goes on.
 */
public final class StampedHost implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long RETRY_NS = 20_000_000L;
    private static final int FLUSH_EVERY = 64;
    private static final int FILL_DEPTH = 32;
    private static final int DURABLE_EVERY = 50;

    /** Where the disk is now. {@code moved}: it may lack the end of what was written, for it is another one or was set back. */
    public record Place(NbdUri uri, boolean moved) { }

    /**
     * @param depth writes in flight
     * @param maxBlocks of one write, 1 to {@value Window#MAX_BLOCKS}
     * @param pauseNs after each {@code depth} writes, which leave together
     */
    public record Habit(int depth, int maxBlocks, long pauseNs, long seed) { }

    private final HistoryWriter history;
    private final Supplier<Place> place;
    private final Habit habit;
    private final SplittableRandom random;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> end;
    private volatile boolean stopping;
    private volatile long written;
    private volatile long writtenBytes;
    private volatile int connections;

    /** Starts at once. {@code place} is asked before each connection. */
    public StampedHost(HistoryWriter history, Supplier<Place> place, Habit habit) {
        this.history = history;
        this.place = place;
        this.habit = habit;
        this.random = new SplittableRandom(habit.seed());
        this.end = CompletableFuture.runAsync(this::run, task -> Thread.ofPlatform().daemon().name("host").start(task));
    }

    /** Writes every block once, in order, and flushes; returns when that is answered. */
    public static void fill(HistoryWriter history, NbdUri disk) throws IOException {
        try (NbdDisk opened = new NbdDisk(disk, PATIENCE)) {
            Window window = new Window(opened, history, FILL_DEPTH);
            for (int first = 0; first < history.blocks(); first += Window.MAX_BLOCKS) window.write(first, Math.min(Window.MAX_BLOCKS, history.blocks() - first), false);
            window.drain();
            window.flush();
            window.drain();
        }
    }

    /** Writes answered so far. */
    public long written() { return written; }

    public long writtenBytes() { return writtenBytes; }

    /** How many times it has come to its disk and looked. */
    public int connections() { return connections; }

    /** What the disk answered that it may not: there must be nothing. */
    public List<String> failures() { return List.copyOf(failures); }

    private void run() {
        while (!stopping) {
            Place now = place.get();
            try (NbdDisk disk = new NbdDisk(now.uri(), PATIENCE)) {
                if (disk.readOnly()) later();
                else write(disk, now.moved());
            } catch (NbdDisk.FailedRequestException e) {
                if (!e.becameReadOnly()) failures.add(String.valueOf(e.getMessage()));
                history.lost();
            } catch (IOException e) {
                history.lost();
                later();
            } catch (RuntimeException e) {
                failures.add(e.toString());
                stopping = true;
            }
        }
    }

    private static void later() { LockSupport.parkNanos(RETRY_NS); }

    private void write(NbdDisk disk, boolean moved) throws IOException {
        look(disk, moved);
        connections++;
        Window window = new Window(disk, history, habit.depth());
        long before = written;
        long bytesBefore = writtenBytes;
        while (!stopping) {
            for (int i = 0; i < habit.depth(); i++) one(window);
            if (habit.pauseNs() > 0) {
                window.drain();
                LockSupport.parkNanos(habit.pauseNs());
            }
            written = before + window.written();
            writtenBytes = bytesBefore + window.writtenBytes();
        }
        window.drain();
        window.flush();
        window.drain();
        written = before + window.written();
        writtenBytes = bytesBefore + window.writtenBytes();
    }

    private void one(Window window) throws IOException {
        if (random.nextInt(FLUSH_EVERY) == 0) window.flush();
        int count = 1 + random.nextInt(Math.min(habit.maxBlocks(), history.blocks()));
        int first = random.nextInt(history.blocks() - count + 1);
        if (window.isFree(first, count)) window.write(first, count, random.nextInt(DURABLE_EVERY) == 0);
        else window.drain();
    }

    /** What earlier connections wrote is read before it is written over, and flushed: no later flush could cover it. */
    private void look(NbdDisk disk, boolean moved) throws IOException {
        History past = history.past();
        Finding found = Finding.read(past, disk::read);
        found.torn().ifPresent(t -> failures.add("when the host came back: block " + t.block() + ": " + t.why()));
        disk.flush();
        Map<Integer, Integer> others = new LinkedHashMap<>();
        past.touched.stream().filter(block -> found.seen()[block] != history.last(block)).forEach(block -> others.put(block, found.seen()[block]));
        history.looked(moved, others);
    }

    /** Ends it, after its last writes were answered and flushed. */
    public void stop() {
        stopping = true;
        end.join();
    }

    @Override public void close() { stop(); }
}
