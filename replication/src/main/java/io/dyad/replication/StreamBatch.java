package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Streamed writes gathered for one journal append, in a buffer that is borrowed until they are applied.
 *
 * <pre>
 *  +---------------+---------------+---------------+----------+---
 *  | sequence i64  |  offset  i64  |  length  i64  |  data …  | next write …
 *  +---------------+---------------+---------------+----------+---
 *                                    sign bit set: zeroes, no data
 * </pre>
 */
final class StreamBatch {
    static final int HEADER_BYTES = 24;
    private final Scratch scratch;
    private final ByteBuffer bytes;
    private long lastSeq;

    StreamBatch(Scratch scratch) {
        this.scratch = scratch;
        this.bytes = scratch.take();
    }

    boolean fits(long dataBytes) { return bytes.remaining() >= HEADER_BYTES + dataBytes; }

    long lastSeq() { return lastSeq; }

    void add(long seq, long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) {
        bytes.putLong(seq).putLong(offsetBytes).putLong(data == null ? lengthBytes | Long.MIN_VALUE : lengthBytes);
        if (data != null) bytes.put(data);
        lastSeq = seq;
    }

    /** The batch is complete and in the journal, not yet durable there. Returns its size in bytes. */
    int append(Journal journal) throws IOException {
        ByteBuffer whole = bytes.duplicate().flip();
        journal.append(lastSeq, whole);
        return bytes.position();
    }

    /** Applies the writes in order; doing it twice is harmless. */
    void apply(ReplicatedVolume volume) throws IOException { each(bytes.duplicate().flip(), volume::apply); }

    /** The buffer goes back; the batch is of no more use. */
    void release() { scratch.giveBack(bytes); }

    /** Applies what a crash left in the journal, in order and durably. Returns the last write of it, 0 for none. Doing it twice is harmless. */
    static long replay(StoredVolume store) throws IOException {
        Disk disk = store.disk();
        long[] last = {0};
        store.journal().replay((lastSeq, batch) -> {
            last[0] = lastSeq;
            each(batch, (offset, length, data) -> {
                if (data == null) disk.zero(offset, length);
                else disk.write(offset, data);
            });
        });
        if (last[0] > 0) disk.flush();
        return last[0];
    }

    private static void each(ByteBuffer batch, Apply to) throws IOException {
        while (batch.hasRemaining()) {
            batch.getLong();
            long offset = batch.getLong();
            long length = batch.getLong();
            if (length < 0) {
                to.write(offset, length & Long.MAX_VALUE, null);
                continue;
            }
            to.write(offset, length, batch.slice(batch.position(), (int) length));
            batch.position(batch.position() + (int) length);
        }
    }

    private interface Apply {
        void write(long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) throws IOException;
    }
}
