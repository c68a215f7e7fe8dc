package io.dyad.testkit.sim;

import io.dyad.replication.Blocks;
import io.dyad.replication.Disk;
import io.dyad.replication.Journal;
import io.dyad.replication.LayerStack;
import io.dyad.replication.Memo;
import io.dyad.replication.Snapshots;
import io.dyad.replication.StoredVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.UUID;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An open {@link SimVolume} by its four faces. Every call may be the last; one that comes after a crash or a close throws. */
final class SimHandle implements StoredVolume, Disk, LayerStack, Journal, Memo {
    private final SimVolume v;
    private final Runnable tick;
    private @Nullable View view;
    private @Nullable Filling filling;

    SimHandle(SimVolume v, Runnable tick) {
        this.v = v;
        this.tick = tick;
    }

    private void begin() throws IOException {
        tick.run();
        if (v.handle != this) throw new IOException("the volume is closed");
    }

    @Override public Disk disk() { return this; }

    @Override public LayerStack layers() { return this; }

    @Override public Snapshots snapshots() { throw new UnsupportedOperationException("snapshots"); }

    @Override public Journal journal() { return this; }

    @Override public Memo memo() { return this; }

    @Override public void close() throws IOException {
        if (v.handle != this) return;
        begin();
        if (view != null || filling != null) throw new IllegalStateException("closed with a cut or a staged layer open");
        v.flush();
        v.handle = null;
    }

    // ---- the current content ----

    @Override public long sizeBytes() { return v.sizeBytes; }

    @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
        begin();
        check(offsetBytes, into.remaining(), v.sizeBytes);
        SimVolume.read(v.now, offsetBytes, into);
    }

    @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException {
        begin();
        return extent(v.now, offsetBytes, endBytes, v.sizeBytes);
    }

    @Override public void write(long offsetBytes, ByteBuffer from) throws IOException {
        begin();
        check(offsetBytes, from.remaining(), v.sizeBytes);
        for (int block = (int) (offsetBytes / Content.BYTES); from.hasRemaining(); block++) v.put(block, Content.next(from));
        tick.run();
    }

    @Override public void zero(long offsetBytes, long lengthBytes) throws IOException {
        begin();
        check(offsetBytes, lengthBytes, v.sizeBytes);
        int first = (int) (offsetBytes / Content.BYTES);
        int end = first + (int) (lengthBytes / Content.BYTES);
        for (Integer block : List.copyOf(v.now.subMap(first, end).keySet())) v.put(block, Content.ZERO);
        tick.run();
    }

    @Override public void flush() throws IOException {
        begin();
        v.flush();
        tick.run();
    }

    @Override public void grow(long sizeBytes) throws IOException {
        begin();
        if (sizeBytes < v.sizeBytes) throw new IllegalArgumentException("shrinks from " + v.sizeBytes + " to " + sizeBytes);
        v.sizeBytes = sizeBytes;
    }

    private static void check(long offsetBytes, long lengthBytes, long sizeBytes) {
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes + lengthBytes > sizeBytes || (offsetBytes | lengthBytes) % Content.BYTES != 0)
            throw new IllegalArgumentException(lengthBytes + " bytes at " + offsetBytes + " of " + sizeBytes);
    }

    private static Extent extent(NavigableMap<Integer, Content> blocks, long offsetBytes, long endBytes, long sizeBytes) {
        check(offsetBytes, endBytes - offsetBytes, sizeBytes);
        int first = (int) (offsetBytes / Content.BYTES);
        int end = (int) (endBytes / Content.BYTES);
        if (blocks.containsKey(first)) {
            int next = first + 1;
            while (next < end && blocks.containsKey(next)) next++;
            return new Extent(offsetBytes, (long) (next - first) * Content.BYTES, true);
        }
        Integer next = blocks.ceilingKey(first);
        long gap = (next == null ? end : Math.min(next, end)) - first;
        return new Extent(offsetBytes, gap * Content.BYTES, false);
    }

    // ---- layers ----

    @Override public Frozen freeze() throws IOException {
        begin();
        if (view != null) throw new IllegalStateException("a cut is open already");
        v.cut = true;
        return view = new View(new TreeMap<>(v.now), v.sizeBytes);
    }

    @Override public Optional<Staged> unfinished() { return Optional.empty(); }

    @Override public Staged stage() throws IOException {
        begin();
        if (filling != null) throw new IllegalStateException("a layer is staged already");
        return filling = new Filling();
    }

    @Override public boolean fold(int maxBlocks) throws IOException {
        begin();
        if (v.cut || v.foldable == 0) return false;
        v.foldable = Math.max(0, v.foldable - maxBlocks);
        return v.foldable > 0;
    }

    private final class View implements Frozen {
        private final NavigableMap<Integer, Content> blocks;
        private final long sizeBytes;

        View(NavigableMap<Integer, Content> blocks, long sizeBytes) {
            this.blocks = blocks;
            this.sizeBytes = sizeBytes;
        }

        private void reading() throws IOException {
            begin();
            if (view != this) throw new IOException("the cut is closed");
        }

        @Override public long sizeBytes() { return sizeBytes; }

        @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
            reading();
            check(offsetBytes, into.remaining(), sizeBytes);
            SimVolume.read(blocks, offsetBytes, into);
        }

        @Override public Blocks.Extent extentAt(long offsetBytes, long endBytes) throws IOException {
            reading();
            return extent(blocks, offsetBytes, endBytes, sizeBytes);
        }

        @Override public void close() throws IOException {
            begin();
            if (view == this) {
                view = null;
                v.cut = false;
            }
        }
    }

    private final class Filling implements Staged {
        private final NavigableMap<Integer, Content> blocks = new TreeMap<>();

        private void filling() throws IOException {
            begin();
            if (filling != this) throw new IllegalStateException("the staged layer is committed or discarded");
        }

        @Override public void write(long offsetBytes, ByteBuffer from) throws IOException {
            filling();
            check(offsetBytes, from.remaining(), v.sizeBytes);
            for (int block = (int) (offsetBytes / Content.BYTES); from.hasRemaining(); block++) blocks.put(block, Content.next(from));
        }

        @Override public void zero(long offsetBytes, long lengthBytes) throws IOException {
            filling();
            check(offsetBytes, lengthBytes, v.sizeBytes);
            int first = (int) (offsetBytes / Content.BYTES);
            int end = first + (int) (lengthBytes / Content.BYTES);
            List.copyOf(blocks.subMap(first, end).keySet()).forEach(blocks::remove);
            for (Integer block : v.now.subMap(first, end).keySet()) blocks.put(block, Content.ZERO);
        }

        @Override public void flush() throws IOException { throw new UnsupportedOperationException("flush"); }

        @Override public Extent filledAt(long offsetBytes, long endBytes) { throw new UnsupportedOperationException("filledAt"); }

        @Override public long sizeBytes() { throw new UnsupportedOperationException("sizeBytes"); }

        @Override public void read(long offsetBytes, ByteBuffer into) { throw new UnsupportedOperationException("read"); }

        @Override public Extent extentAt(long offsetBytes, long endBytes) { throw new UnsupportedOperationException("extentAt"); }

        @Override public void commit(byte[] mark, Optional<UUID> snapshot) throws IOException {
            filling();
            blocks.forEach(v::putDurably);
            v.mark = mark.clone();
            filling = null;
            tick.run();
        }

        @Override public void discard() throws IOException {
            begin();
            if (filling == this) filling = null;
        }
    }

    // ---- journal ----

    @Override public void append(long lastSeq, ByteBuffer batch) throws IOException {
        begin();
        if (!v.journal.isEmpty() && v.journal.getLast().lastSeq() >= lastSeq) throw new IllegalStateException("batch " + lastSeq + " after " + v.journal.getLast().lastSeq());
        byte[] bytes = new byte[batch.remaining()];
        batch.get(bytes);
        v.journal.add(new SimVolume.Batch(lastSeq, bytes));
        tick.run();
    }

    @Override public void force() throws IOException {
        begin();
        v.forced = v.journal.size();
        tick.run();
    }

    @Override public void replay(Reader reader) throws IOException {
        begin();
        for (SimVolume.Batch batch : List.copyOf(v.journal)) reader.batch(batch.lastSeq(), ByteBuffer.wrap(batch.bytes()));
    }

    @Override public void reset() throws IOException {
        begin();
        v.journal.clear();
        v.forced = 0;
        tick.run();
    }

    // ---- memo ----

    @Override public BitSet intents() { return (BitSet) v.intents.clone(); }

    @Override public void settle(BitSet needed) throws IOException {
        begin();
        v.settle(needed);
    }

    @Override public byte[] mark() { return v.mark.clone(); }

    @Override public void mark(byte[] record) throws IOException {
        begin();
        if (record.length > 16 << 20) throw new IllegalArgumentException("mark of " + record.length + " bytes");
        v.mark = record.clone();
        tick.run();
    }
}
