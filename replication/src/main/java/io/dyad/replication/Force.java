package io.dyad.replication;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes of a stream that are being made durable on a target. Whoever steps its endpoint takes it from {@link PairEndpoint#force},
 * {@link #run}s it, and brings it back with {@link PairEndpoint#forced}; only the waiting in between leaves the endpoint to others,
 * so that a disk that takes long keeps no write from being received.
 */
public final class Force {
    private final Journal journal;
    private final Disk disk;
    private final boolean settles;
    private final long seq;
    private final long bytes;
    private @Nullable IOException failure;

    /** Everything up to {@code seq}, {@code bytes} more than the last time; {@code settles}: the journal is about to be emptied. */
    Force(Journal journal, Disk disk, boolean settles, long seq, long bytes) {
        this.journal = journal;
        this.disk = disk;
        this.settles = settles;
        this.seq = seq;
        this.bytes = bytes;
    }

    /** Waits for the disk. By one thread, which holds nothing that hosts or the session need. */
    public void run() {
        try {
            journal.force();
            if (settles) disk.flush();                   // what was applied: little is left to flush when the journal is emptied
        } catch (IOException e) {
            failure = e;
        }
    }

    boolean settles() { return settles; }

    long seq() { return seq; }

    long bytes() { return bytes; }

    /** Why the disk did not keep its word. */
    @Nullable IOException failure() { return failure; }
}
