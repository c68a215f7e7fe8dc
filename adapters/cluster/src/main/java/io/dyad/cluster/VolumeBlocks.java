package io.dyad.cluster;

import io.dyad.replication.Blocks.Extent;
import io.dyad.replication.ReplicatedVolume.Admission;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The blocks of one volume. Any offset and length within the volume; safe for any thread. */
public interface VolumeBlocks {
    long sizeBytes();

    void read(long offsetBytes, ByteBuffer into) throws IOException;

    /** Acknowledged when it returns; durable after the next {@link #flush}, or now with {@code durable}. */
    void write(long offsetBytes, ByteBuffer from, boolean durable) throws IOException;

    void zero(long offsetBytes, long lengthBytes, boolean durable) throws IOException;

    void flush() throws IOException;

    /** The run at {@code offsetBytes}, cut at {@code endBytes}: all allocated or all not. */
    Extent extentAt(long offsetBytes, long endBytes) throws IOException;

    /** What hosts may do now; follows the volume's access. */
    Admission admission();

    /** Calls back after each change of {@link #admission}, until closed. */
    AutoCloseable onAccessChange(Runnable changed);
}
