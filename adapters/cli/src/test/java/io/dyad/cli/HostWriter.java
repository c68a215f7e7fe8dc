package io.dyad.cli;

import io.dyad.cli.History.Stamp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A host that writes stamped blocks to one volume until it is told to stop; after every lost connection it comes back and looks first. */
final class HostWriter implements AutoCloseable {
    private static final int BATCH = 16;
    private final InetSocketAddress server;
    private final long volume;
    private final History history;
    private final SplittableRandom random;
    private final int firstBlock;
    private final int blocks;
    /** Requests that were answered with an error, and promises that were broken: there must be none. */
    final List<String> failures = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> end;
    private volatile boolean stopping;
    private volatile long flushes;

    /** Writes within {@code blocks} from {@code firstBlock} on. */
    HostWriter(InetSocketAddress server, long volume, History history, long seed, int firstBlock, int blocks) {
        this.server = server;
        this.volume = volume;
        this.history = history;
        this.random = new SplittableRandom(seed);
        this.firstBlock = firstBlock;
        this.blocks = blocks;
        this.end = CompletableFuture.runAsync(this::run, task -> Thread.ofPlatform().name("host").start(task));
    }

    /** How many flushes were answered. */
    long flushes() { return flushes; }

    private void run() {
        while (!stopping) {
            try (NbdDisk disk = new NbdDisk(server, volume)) {
                look(disk);
                while (!stopping) batch(disk);
                batch(disk, true);
            } catch (NbdDisk.RequestFailedException e) {
                failures.add(String.valueOf(e.getMessage()));
                return;
            } catch (IOException e) {
                Thread.yield();   // the server is gone for a while
            }
        }
    }

    /** No flush from now on covers what an earlier connection wrote: it is judged here, before it is written over. */
    private void look(NbdDisk disk) throws IOException {
        history.flushing();
        failures.addAll(history.judge("after coming back", firstBlock, disk.read((long) firstBlock * History.BLOCK_BYTES, blocks * History.BLOCK_BYTES)));
    }

    private void batch(NbdDisk disk) throws IOException { batch(disk, random.nextInt(4) == 0); }

    /** Different blocks only: the order of writes in flight together is nobody's promise. */
    private void batch(NbdDisk disk, boolean flush) throws IOException {
        Map<Long, Stamp> flying = new LinkedHashMap<>();
        boolean through = random.nextInt(8) == 0;
        for (int block : random.ints(1 + random.nextInt(BATCH), firstBlock, firstBlock + blocks).distinct().toArray()) {
            Stamp stamp = history.send(block);
            flying.put(stamp.version(), stamp);
            write(disk, stamp, through);
        }
        while (!flying.isEmpty()) history.acknowledge(Objects.requireNonNull(flying.remove(disk.answered()), "an answer to no request"), through);
        if (!flush) return;
        List<Stamp> covered = history.flushing();
        disk.flush();
        history.flushed(covered);
        flushes++;
    }

    static void write(NbdDisk disk, Stamp stamp, boolean through) throws IOException {
        ByteBuffer content = stamp.content();
        disk.request(NbdDisk.WRITE, through ? NbdDisk.FUA : 0, stamp.version(), (long) stamp.block() * History.BLOCK_BYTES, History.BLOCK_BYTES, content);
    }

    /** Ends it after a last flush. */
    void stop() {
        stopping = true;
        end.join();
    }

    @Override public void close() { stop(); }
}
