package io.dyad.testkit.sim;

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

/** An open {@link SimVolume} by its faces, but for the layers'. Every call may be the last; one that comes after a crash or a close throws. */
final class SimHandle implements StoredVolume, Disk, Journal, Memo {
    private final SimVolume v;
    private final Runnable tick;
    private final SimLayerStack layers;

    SimHandle(SimVolume v, Runnable tick) {
        this.v = v;
        this.tick = tick;
        this.layers = new SimLayerStack(v, this);
    }

    /** An operation begins. */
    void begin() throws IOException {
        tick.run();
        if (v.handle != this) throw new IOException("the volume is closed");
    }

    /** An operation has had its effect, and its caller may not hear of it any more. */
    void done() { tick.run(); }

    @Override public Disk disk() { return this; }

    @Override public LayerStack layers() { return layers; }

    @Override public Snapshots snapshots() { return layers; }

    @Override public Journal journal() { return this; }

    @Override public Memo memo() { return this; }

    @Override public void close() throws IOException {
        if (v.handle != this) return;
        begin();
        if (layers.cutsOpen()) throw new IllegalStateException("closed with a cut open");
        v.close();
    }

    // ---- the current content ----

    @Override public long sizeBytes() { return v.sizeBytes; }

    @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
        begin();
        check(offsetBytes, into.remaining(), v.sizeBytes);
        v.now.read(offsetBytes, into);
    }

    @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException {
        begin();
        return extent(v.now, offsetBytes, endBytes, v.sizeBytes);
    }

    @Override public void write(long offsetBytes, ByteBuffer from) throws IOException {
        begin();
        check(offsetBytes, from.remaining(), v.sizeBytes);
        for (int block = (int) (offsetBytes / Content.BYTES); from.hasRemaining(); block++) v.put(block, Content.next(from));
        done();
    }

    @Override public void zero(long offsetBytes, long lengthBytes) throws IOException {
        begin();
        check(offsetBytes, lengthBytes, v.sizeBytes);
        int first = (int) (offsetBytes / Content.BYTES);
        int end = first + (int) (lengthBytes / Content.BYTES);
        for (int block = v.now.nextPresent(first, end); block < end; block = v.now.nextPresent(block + 1, end)) v.put(block, Content.ZERO);
        done();
    }

    @Override public void flush() throws IOException {
        begin();
        v.flush();
        done();
    }

    @Override public void grow(long sizeBytes) throws IOException {
        begin();
        if (sizeBytes < v.sizeBytes) throw new IllegalArgumentException("shrinks from " + v.sizeBytes + " to " + sizeBytes);
        v.sizeBytes = sizeBytes;
    }

    static void check(long offsetBytes, long lengthBytes, long sizeBytes) {
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes + lengthBytes > sizeBytes || (offsetBytes | lengthBytes) % Content.BYTES != 0)
            throw new IllegalArgumentException(lengthBytes + " bytes at " + offsetBytes + " of " + sizeBytes);
    }

    static Extent extent(BlockTable blocks, long offsetBytes, long endBytes, long sizeBytes) {
        check(offsetBytes, endBytes - offsetBytes, sizeBytes);
        int first = (int) (offsetBytes / Content.BYTES);
        int end = (int) (endBytes / Content.BYTES);
        boolean present = blocks.at(first) != null;
        int next = present ? blocks.nextAbsent(first, end) : blocks.nextPresent(first, end);
        return new Extent(offsetBytes, (long) (next - first) * Content.BYTES, present);
    }

    // ---- journal ----

    @Override public void append(long lastSeq, ByteBuffer batch) throws IOException {
        begin();
        if (!v.journal.isEmpty() && v.journal.getLast().lastSeq() >= lastSeq) throw new IllegalStateException("batch " + lastSeq + " after " + v.journal.getLast().lastSeq());
        byte[] bytes = new byte[batch.remaining()];
        batch.get(bytes);
        v.journal.add(new SimVolume.Batch(lastSeq, bytes));
        done();
    }

    @Override public void force() throws IOException {
        begin();
        v.forced = v.journal.size();
        done();
    }

    @Override public void replay(Reader reader) throws IOException {
        begin();
        for (SimVolume.Batch batch : List.copyOf(v.journal)) reader.batch(batch.lastSeq(), ByteBuffer.wrap(batch.bytes()));
    }

    @Override public boolean damaged() { return false; }

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
