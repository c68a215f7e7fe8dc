package io.dyad.testkit.sim;

import io.dyad.replication.HostSide;
import io.dyad.replication.NotWritableException;
import io.dyad.replication.VolumeCuts;
import io.dyad.testkit.sim.World.End;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The writes of the hosts, and what the judge is told of them: under way, acknowledged, failed, flushed. */
final class Hosts {
    private final World w;
    private final Judge judge;
    /** Of the last change. */
    private long number;

    Hosts(World w, Judge judge) {
        this.w = w;
        this.judge = judge;
    }

    /** How a write went: not taken at all; its process died of it; its disk failed it; done. */
    private enum Outcome { REFUSED, DIED, FAILED, DONE }

    /** A change of the volume; returns its number. */
    private interface Change {
        long on(HostSide volume) throws IOException;
    }

    /** Writes fresh bytes; false when the volume does not take them. */
    boolean write(End e, long offsetBytes, int lengthBytes, boolean durable) {
        ByteBuffer data = Content.fresh(w.time.dice, lengthBytes);
        boolean unseen = offsetBytes % Content.BYTES == 0 && lengthBytes % Content.BYTES == 0 && e.cluster.sabotage().unseen(judge.writes(e));
        boolean done = change(e, offsetBytes, lengthBytes, Optional.of(data), v -> {
            ByteBuffer left = data.duplicate();
            for (int block = (int) (offsetBytes / Content.BYTES); unseen && left.hasRemaining(); block++) e.stored().put(block, Content.next(left));
            return unseen ? Long.MAX_VALUE : v.write(offsetBytes, left, durable);
        });
        if (done && durable) judge.flushed(e);
        return done;
    }

    boolean zero(End e, long offsetBytes, int lengthBytes) {
        return change(e, offsetBytes, lengthBytes, Optional.empty(), v -> v.zero(offsetBytes, lengthBytes, false));
    }

    /** Reads blocks; a damaged one is heard of and no more. */
    void read(End e, long offsetBytes, int lengthBytes) {
        if (!e.cluster.writable(e.id)) return;
        ByteBuffer read = ByteBuffer.allocate(lengthBytes);
        Outcome outcome = run(e, v -> {
            v.read(offsetBytes, read);
            return 0;
        });
        if (outcome != Outcome.DONE) return;
        read.flip();
        for (int block = (int) (offsetBytes / Content.BYTES); read.hasRemaining(); block++) expect(e, e.stored().now, block, read);
    }

    private static void expect(End e, BlockTable content, int block, ByteBuffer read) {
        if (Content.next(read).print() != content.get(block).print()) throw new AssertionError("a host of " + e.cluster.name() + " reads of block " + block + " what was never written there");
    }

    /** Reads blocks of a snapshot through a view; a damaged one is heard of and no more. */
    void read(End e, UUID snapshot, int first, int blocks) {
        SimVolume.Snapshot there = e.stored().snapshots.get(snapshot);
        if (there == null || !e.cluster.isAwake() || e.cluster.disk(e.id).isEmpty()) return;
        int end = (int) Math.min(first + blocks, there.sizeBytes() / Content.BYTES);
        w.guarded(() -> {
            try (VolumeCuts.View view = e.cluster.disk(e.id).orElseThrow().cuts().open(snapshot)) {
                for (int block = first; block < end; block++) {
                    ByteBuffer read = ByteBuffer.allocate(Content.BYTES);
                    view.read((long) block * Content.BYTES, read);
                    expect(e, there.content(), block, read.flip());
                }
            } catch (IOException failed) {
                if (!SimTrouble.explains(failed)) throw new UncheckedIOException("failed on a sound disk", failed);
                e.cluster.trace("a host hears of a snapshot " + failed.getMessage());
            }
        });
    }

    boolean flush(End e) {
        if (!e.cluster.writable(e.id)) return false;
        boolean done = run(e, v -> {
            v.flush();
            return 0;
        }) == Outcome.DONE;
        if (done) judge.flushed(e);
        return done;
    }

    private boolean change(End e, long offsetBytes, int lengthBytes, Optional<ByteBuffer> data, Change change) {
        judge.look();
        if (!e.cluster.writable(e.id)) return false;
        Map<Integer, Long> blocks = whole(e, offsetBytes, lengthBytes, data);
        judge.writing(e, blocks);
        return switch (run(e, change)) {
            case REFUSED -> throw new IllegalStateException("an end that was open for writing refused a write");
            case DIED    -> false;
            case FAILED  -> {
                blocks.replaceAll((block, print) -> e.stored().now.get(block).print());
                judge.written(e, blocks);
                judge.failed(e, blocks);
                yield false;
            }
            case DONE    -> {
                judge.written(e, blocks);
                judge.waits(e, number, blocks);
                yield true;
            }
        };
    }

    private Outcome run(End e, Change change) {
        Outcome[] outcome = {Outcome.DIED};
        w.guarded(() -> {
            try {
                number = change.on(e.cluster.disk(e.id).orElseThrow().host());
                outcome[0] = Outcome.DONE;
            } catch (NotWritableException refused) {
                outcome[0] = Outcome.REFUSED;
            } catch (IOException failed) {
                if (!SimTrouble.explains(failed)) throw new UncheckedIOException("failed on a sound disk", failed);
                e.cluster.trace("a host hears " + failed.getMessage());
                outcome[0] = Outcome.FAILED;
            }
        });
        return outcome[0];
    }

    /** What every block that the range touches will be. */
    private static Map<Integer, Long> whole(End e, long offsetBytes, int lengthBytes, Optional<ByteBuffer> data) {
        BlockTable now = e.stored().now;
        Map<Integer, Long> blocks = new HashMap<>();
        long end = offsetBytes + lengthBytes;
        for (int block = (int) (offsetBytes / Content.BYTES); (long) block * Content.BYTES < end; block++) {
            long start = (long) block * Content.BYTES;
            byte[] bytes = now.get(block).bytes().clone();
            int from = (int) Math.max(0, offsetBytes - start);
            int to = (int) Math.min(Content.BYTES, end - start);
            int skip = (int) (start + from - offsetBytes);
            ByteBuffer into = ByteBuffer.wrap(bytes, from, to - from);
            into.put(data.map(d -> d.slice(skip, to - from)).orElseGet(() -> ByteBuffer.allocate(to - from)));
            blocks.put(block, Content.next(ByteBuffer.wrap(bytes)).print());
        }
        return blocks;
    }
}
