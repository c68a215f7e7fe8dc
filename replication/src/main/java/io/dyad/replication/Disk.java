package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The current content of a volume, writable. One thread at a time writes, zeroes or grows (the owner's lock sees to it);
 * {@code flush} and reads may run beside it. After a failed {@code flush} every later write and flush fails.
 */
public interface Disk extends Blocks {
    /** Writes whole blocks; when it returns, reads see them, and a killed process does not lose them, whatever cuts are open. */
    void write(long offsetBytes, ByteBuffer from) throws IOException;

    /** Makes whole blocks read as zeroes and gives their room back where it can. */
    void zero(long offsetBytes, long lengthBytes) throws IOException;

    /** Makes durable every write and zero that returned before the call. Concurrent calls share one sync. */
    void flush() throws IOException;

    /** As {@link #flush}, and a later opening will have nothing to find out about those writes. */
    default void checkpoint() throws IOException { flush(); }

    /** Grows the volume, durably. Never shrinks. */
    void grow(long sizeBytes) throws IOException;
}
