package io.dyad.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One host session's view of a volume. Safe for any thread: reads and writes come from the session's reader, flushes from
 * beside it. Offsets and lengths are inside the volume and multiples of {@link #minimumBlockBytes}; buffers belong to the
 * server and are only lent for the call. Failures are {@link NbdException}s; any other exception is EIO to the host.
 */
public interface Export {
    /** What a write that may be answered at once returns. */
    long ACKNOWLEDGED = 0;

    /** Fixed for the session, a multiple of the minimum block. */
    long sizeBytes();

    /** 512 or 4096: the smallest unit and alignment of a request. */
    int minimumBlockBytes();

    /** Fixed for the session; a change of access revokes it. */
    boolean readOnly();

    /** Fills {@code into} up to its limit. */
    void read(long offsetBytes, ByteBuffer into) throws IOException;

    /**
     * Writes what remains in {@code from}; a large request comes in several calls. The server mostly writes without
     * {@code durable} and lets one {@link #flush} cover many requests; with it, the bytes are on stable storage on return.
     * Answers {@link #ACKNOWLEDGED}, or the number to wait for before the request may be answered; numbers grow in a session.
     */
    long write(long offsetBytes, ByteBuffer from, boolean durable) throws IOException;

    /** Makes a range read as zeroes, faster than writing them; the room may be given back. */
    long zero(long offsetBytes, long lengthBytes, boolean durable) throws IOException;

    /** The session has nothing more in hand: what it has written may go on its way to another end. */
    default void push() { }

    /** Whether {@link #acknowledged} has an answer for write {@code number} by now, and does not wait. */
    default boolean decided(long number) { return true; }

    /** Calls {@code told} whenever more writes are decided, from any thread, until the view is closed; it does not block. */
    default void onDecided(Runnable told) { }

    /** Waits until write {@code number} may be answered, and returns the last one that may. One thread a session calls it. */
    long acknowledged(long number) throws IOException;

    /** Makes durable every write and zero of <em>every</em> session of this volume that returned before the call. */
    void flush() throws IOException;

    /** The run that starts at {@code offsetBytes}, not empty and cut at {@code endBytes}: all allocated, or all not. */
    Status statusAt(long offsetBytes, long endBytes) throws IOException;

    /** Calls {@code drop} once when the session must end, at once if that has happened already. */
    void onRevoked(Runnable drop);

    /** Ends the view; called once, after the last I/O returned. */
    void close();

    /** A run of the volume. Not allocated means: reads as zeroes and takes no room. */
    record Status(long lengthBytes, boolean allocated) {}
}
