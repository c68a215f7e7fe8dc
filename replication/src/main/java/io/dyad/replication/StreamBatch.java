package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Streamed {@link Writes} that are applied together, appended to the journal in as many parts as they came, in a buffer that is
 * borrowed until then.
 */
final class StreamBatch {
    static final int MOST_BYTES = Scratch.BYTES;
    private final Scratch scratch;
    private final ByteBuffer bytes;
    private int appendedBytes;
    private long appendedSeq;
    private long lastSeq;

    StreamBatch(Scratch scratch) {
        this.scratch = scratch;
        this.bytes = scratch.take();
    }

    boolean fits(ByteBuffer writes) { return bytes.remaining() >= writes.remaining(); }

    boolean isEmpty() { return bytes.position() == 0; }

    /** The last write of it that is in the journal. */
    long appendedSeq() { return appendedSeq; }

    /** Takes over more writes, the last of them {@code last}. */
    void add(long last, ByteBuffer writes) {
        bytes.put(writes);
        lastSeq = last;
    }

    /** What was added since is in the journal, not yet durable there, or it is forgotten. Returns its size in bytes. */
    int append(Journal journal) throws IOException {
        int length = bytes.position() - appendedBytes;
        if (length == 0) return 0;
        try {
            journal.append(lastSeq, bytes.slice(appendedBytes, length));
            appendedBytes += length;
            appendedSeq = lastSeq;
            return length;
        } finally {
            bytes.position(appendedBytes);
        }
    }

    /** Applies the writes in order; doing it twice is harmless. */
    void apply(TargetSide target) throws IOException { target.apply(bytes.duplicate().flip()); }

    /** The buffer goes back; the batch is of no more use. */
    void release() { scratch.giveBack(bytes); }

    /** Applies what a crash left in the journal, in order and durably. Returns the last write of it, 0 for none. Doing it twice is harmless. */
    static long replay(StoredVolume store) throws IOException {
        Disk disk = store.disk();
        long[] last = {0};
        store.journal().replay((lastSeq, batch) -> {
            last[0] = lastSeq;
            Writes.<IOException>each(batch, (seq, offset, length, data) -> TargetSide.change(disk, offset, length, data));
        });
        if (last[0] > 0) disk.flush();
        return last[0];
    }
}
