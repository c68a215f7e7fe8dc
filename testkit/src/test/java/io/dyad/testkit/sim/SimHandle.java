package io.dyad.testkit.sim;

import io.dyad.replication.Disk;
import io.dyad.replication.Journal;
import io.dyad.replication.LayerStack;
import io.dyad.replication.Memo;
import io.dyad.replication.Snapshots;
import io.dyad.replication.Staging;
import io.dyad.replication.StoredVolume;
import io.dyad.testkit.sim.SimTrouble.Op;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;

/** An open {@link SimVolume} by its faces, but for the layers'. Every call may be the last; one that comes after a crash or a close throws. */
final class SimHandle implements StoredVolume, Disk, Journal, Memo {
    private final SimVolume v;
    private final SimTrouble trouble;
    private final SimLayerStack layers;

    SimHandle(SimVolume v, SimTrouble trouble) {
        this.v = v;
        this.trouble = trouble;
        this.layers = new SimLayerStack(v, this);
    }

    /** An operation begins. After a failed sync the volume takes nothing more until it is opened anew. */
    void begin(Op op) throws IOException {
        if (v.handle != this) {
            trouble.tick();
            throw new IOException("the volume is closed");
        }
        boolean changes = op == Op.WRITE || op == Op.SYNC;
        if (v.stopped && changes) throw new SimTrouble.DiskError("the volume is stopped: a sync failed");
        try {
            trouble.pass(op);
        } catch (IOException e) {
            if (op == Op.SYNC) v.stopped = true;
            throw e;
        }
    }

    /** An operation has had its effect, and its caller may not hear of it any more. */
    void done() { trouble.tick(); }

    @Override public Disk disk() { return this; }

    @Override public LayerStack layers() { return layers; }

    @Override public Staging staging() { return layers; }

    @Override public Snapshots snapshots() { return layers; }

    @Override public Journal journal() { return this; }

    @Override public Memo memo() { return this; }

    @Override public void close() throws IOException {
        if (v.handle != this) return;
        trouble.tick();
        if (layers.cutsOpen()) throw new IllegalStateException("closed with a cut open");
        v.close(trouble);
    }

    // ---- the current content ----

    @Override public long sizeBytes() { return v.sizeBytes; }

    @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
        begin(Op.READ);
        check(offsetBytes, into.remaining(), v.sizeBytes);
        v.read(v.now, offsetBytes, into);
    }

    @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException {
        begin(Op.OTHER);
        return extent(v.now, offsetBytes, endBytes, v.sizeBytes);
    }

    @Override public void write(long offsetBytes, ByteBuffer from) throws IOException {
        check(offsetBytes, from.remaining(), v.sizeBytes);
        try {
            begin(Op.WRITE);
        } catch (IOException e) {
            if (!v.stopped && v.handle == this) put(offsetBytes, from, trouble.part(from.remaining() / Content.BYTES));
            throw e;
        }
        put(offsetBytes, from, from.remaining() / Content.BYTES);
        done();
    }

    private void put(long offsetBytes, ByteBuffer from, int blocks) {
        int first = (int) (offsetBytes / Content.BYTES);
        for (int block = first; block < first + blocks; block++) v.put(block, Content.next(from));
    }

    @Override public void zero(long offsetBytes, long lengthBytes) throws IOException {
        begin(Op.OTHER);
        check(offsetBytes, lengthBytes, v.sizeBytes);
        int first = (int) (offsetBytes / Content.BYTES);
        int end = first + (int) (lengthBytes / Content.BYTES);
        for (int block = v.now.nextPresent(first, end); block < end; block = v.now.nextPresent(block + 1, end)) v.put(block, Content.ZERO);
        done();
    }

    @Override public void flush() throws IOException {
        begin(Op.SYNC);
        v.flush();
        done();
    }

    @Override public void grow(long sizeBytes) throws IOException {
        begin(Op.SYNC);
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
        begin(Op.WRITE);
        if (!v.journal.isEmpty() && v.journal.getLast().lastSeq() >= lastSeq) throw new IllegalStateException("batch " + lastSeq + " after " + v.journal.getLast().lastSeq());
        byte[] bytes = new byte[batch.remaining()];
        batch.get(bytes);
        v.journal.add(new SimVolume.Batch(lastSeq, bytes));
        done();
    }

    @Override public void force() throws IOException {
        begin(Op.SYNC);
        v.forced = v.journal.size();
        done();
    }

    @Override public void replay(Reader reader) throws IOException {
        begin(Op.READ);
        for (SimVolume.Batch batch : List.copyOf(v.journal)) reader.batch(batch.lastSeq(), ByteBuffer.wrap(batch.bytes()));
    }

    @Override public boolean damaged() { return false; }

    @Override public void reset() throws IOException {
        begin(Op.SYNC);
        v.journal.clear();
        v.forced = 0;
        done();
    }

    // ---- memo ----

    @Override public BitSet intents() { return (BitSet) v.intents.clone(); }

    @Override public void settle(BitSet needed) throws IOException {
        begin(Op.OTHER);
        v.settle(needed);
    }

    @Override public byte[] mark() { return v.mark.clone(); }

    @Override public void mark(byte[] record) throws IOException {
        begin(Op.SYNC);
        if (record.length > 16 << 20) throw new IllegalArgumentException("mark of " + record.length + " bytes");
        v.mark = record.clone();
        done();
    }
}
