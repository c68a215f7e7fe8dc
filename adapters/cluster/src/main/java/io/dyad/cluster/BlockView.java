package io.dyad.cluster;

import io.dyad.replication.Blocks;
import java.io.Closeable;
import java.io.IOException;

/** Content that stays as it is until it is closed. Whole blocks of 4096 bytes; safe for any thread. */
public interface BlockView extends Blocks, Closeable {
    @Override void close() throws IOException;
}
