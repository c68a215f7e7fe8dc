package io.dyad.replication;

import java.io.Closeable;
import java.io.IOException;

/** One open volume, by its six faces. Closing flushes and leaves no region in doubt. */
public interface StoredVolume extends Closeable {
    Disk disk();

    LayerStack layers();

    Staging staging();

    Snapshots snapshots();

    Journal journal();

    Memo memo();

    @Override void close() throws IOException;
}
