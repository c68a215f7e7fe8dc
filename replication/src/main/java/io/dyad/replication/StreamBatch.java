package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Streamed writes gathered for one journal append.
 *
 * <pre>
 *  +---------------+---------------+---------------+----------+---
 *  | sequence i64  |  offset  i64  |  length  i64  |  data …  | next write …
 *  +---------------+---------------+---------------+----------+---
 *                                    sign bit set: zeroes, no data
 * </pre>
 */
final class StreamBatch {
    private static final int HEADER = 24;
    private static final int CAPACITY = 4 << 20;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(CAPACITY);
    private long lastSeq;

    boolean isEmpty() { return bytes.position() == 0; }

    boolean fits(long dataBytes) { return bytes.remaining() >= HEADER + dataBytes; }

    long lastSeq() { return lastSeq; }

    void add(long seq, long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) {
        bytes.putLong(seq).putLong(offsetBytes).putLong(data == null ? lengthBytes | Long.MIN_VALUE : lengthBytes);
        if (data != null) bytes.put(data);
        lastSeq = seq;
    }

    /** Makes the batch durable in the journal, then applies it; it is empty afterwards. Returns its size in bytes. */
    int commit(ReplicatedVolume volume) throws IOException {
        ByteBuffer whole = bytes.flip();
        int size = whole.remaining();
        try {
            volume.journal().append(lastSeq, whole.duplicate());
            volume.journal().force();
            each(whole, volume::apply);
            return size;
        } finally {
            bytes.clear();
        }
    }

    /** Applies what a crash left in the journal, in order, and empties it. Doing it twice is harmless. */
    static void replay(StoredVolume store) throws IOException {
        Disk disk = store.disk();
        boolean[] any = {false};
        store.journal().replay((lastSeq, batch) -> {
            any[0] = true;
            each(batch, (offset, length, data) -> {
                if (data == null) disk.zero(offset, length);
                else disk.write(offset, data);
            });
        });
        if (!any[0]) return;
        disk.flush();
        store.journal().reset();
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
