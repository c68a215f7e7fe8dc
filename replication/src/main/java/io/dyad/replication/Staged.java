package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/** A layer beside the stack, being filled by one thread; it reads as if it were committed already. */
public interface Staged extends Blocks {
    /** Writes whole blocks into the layer. */
    void write(long offsetBytes, ByteBuffer from) throws IOException;

    /** The blocks will read as zeroes once committed, whatever lies below. */
    void zero(long offsetBytes, long lengthBytes) throws IOException;

    /** The run at {@code offsetBytes}, cut at {@code endBytes}, that is all written or zeroed in this layer ({@code allocated}), or all not. */
    Extent filledAt(long offsetBytes, long endBytes) throws IOException;

    /**
     * Makes durable what was put into the layer before the call, by any thread, while more may be put there: after a restart it is
     * {@link Staging#unfinished} there again.
     */
    void flush() throws IOException;

    /**
     * Makes the layer durable, then puts it on top of the stack, replaces the {@link Memo#mark() mark} and, where one is named,
     * takes a {@link Snapshots snapshot} of the result, all by one durable manifest switch. The owner's lock is held.
     */
    void commit(byte[] mark, Optional<UUID> snapshot) throws IOException;

    /** Drops the layer. */
    void discard() throws IOException;
}
