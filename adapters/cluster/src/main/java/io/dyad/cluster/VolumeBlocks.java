package io.dyad.cluster;

import io.dyad.replication.Blocks.Extent;
import io.dyad.replication.HostSide.Admission;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The blocks of one volume. Any offset and length within the volume; safe for any thread. */
public interface VolumeBlocks {
    long sizeBytes();

    void read(long offsetBytes, ByteBuffer into) throws IOException;

    /** Acknowledged when it returns; durable after the next {@link #flush}, or now with {@code durable}. In a Sync pair both hold for both ends. */
    default void write(long offsetBytes, ByteBuffer from, boolean durable) throws IOException {
        long number = submit(offsetBytes, from);
        push();
        if (durable) flush();
        else if (number != ACKNOWLEDGED) acknowledged(number);
    }

    default void zero(long offsetBytes, long lengthBytes, boolean durable) throws IOException {
        long number = submitZeroes(offsetBytes, lengthBytes);
        push();
        if (durable) flush();
        else if (number != ACKNOWLEDGED) acknowledged(number);
    }

    /** What a write that needs no waiting answers. */
    long ACKNOWLEDGED = 0;

    /** A write that reads see when it returns: {@link #ACKNOWLEDGED}, or the number to wait for in {@link #acknowledged}. Numbers grow. */
    long submit(long offsetBytes, ByteBuffer from) throws IOException;

    long submitZeroes(long offsetBytes, long lengthBytes) throws IOException;

    /** What was submitted is on its way to the other end of the pair, where there is one; before it may not be. */
    void push();

    /** Waits until write {@code number} is acknowledged, and returns the last one that is. Throws when it will not be. */
    long acknowledged(long number) throws IOException;

    /** Whether {@link #acknowledged} has an answer for write {@code number} by now, and does not wait. */
    boolean decided(long number);

    /** Calls back whenever more writes are decided, from any thread, until closed; it must not block. */
    AutoCloseable onDecided(Runnable told);

    /** Makes durable, wherever it has to be, what was acknowledged before the call and what was submitted. */
    void flush() throws IOException;

    /** The run at {@code offsetBytes}, cut at {@code endBytes}: all allocated or all not. */
    Extent extentAt(long offsetBytes, long endBytes) throws IOException;

    /** What hosts may do now; follows the volume's access. */
    Admission admission();

    /** Calls back after each change of {@link #admission}, until closed. */
    AutoCloseable onAccessChange(Runnable changed);
}
