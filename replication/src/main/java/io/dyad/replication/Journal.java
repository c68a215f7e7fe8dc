package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The ordered log of streamed writes on a target. A batch is whole or not there at all: header, sequence, CRC32C, end mark.
 * One thread at a time owns it, and another may {@link #force} meanwhile. Recovery stops at the last whole batch.
 */
public interface Journal {
    /** Appends one batch; {@code lastSeq} grows from batch to batch. Not durable until {@link #force}. */
    void append(long lastSeq, ByteBuffer batch) throws IOException;

    /** Makes durable every batch that was appended before the call. By any thread. */
    void force() throws IOException;

    /**
     * True when what was found at opening ends with a batch that was whole once: it and what followed may have been acknowledged
     * and is lost. The volume is in doubt; {@link #append} refuses until {@link #reset}, and until then every opening says so.
     */
    boolean damaged();

    /** Hands over every whole batch from the oldest, as found at opening. */
    void replay(Reader reader) throws IOException;

    /** Forgets every batch; the caller has flushed what they held. Durable when it returns. */
    void reset() throws IOException;

    /** Receives the batches in order. */
    interface Reader {
        void batch(long lastSeq, ByteBuffer batch) throws IOException;
    }
}
