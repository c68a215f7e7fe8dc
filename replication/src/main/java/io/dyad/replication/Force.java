package io.dyad.replication;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a target has received and is making durable. Whoever steps its endpoint takes it from {@link PairEndpoint#force}, {@link #run}s
 * it, and brings it back with {@link PairEndpoint#forced}; the waiting in between leaves the endpoint to others, so that a disk that
 * takes long keeps nothing from being received.
 */
public final class Force {
    /** Waits for the disk. */
    interface Disk {
        void bring() throws IOException;
    }

    /** Takes note of what is durable now; {@code failure}: why the disk did not keep its word. */
    interface Ended {
        void ended(@Nullable IOException failure) throws IOException;
    }

    private final Disk disk;
    private final Ended then;
    private @Nullable IOException failure;

    Force(Disk disk, Ended then) {
        this.disk = disk;
        this.then = then;
    }

    /** Waits for the disk. By one thread, which holds nothing that hosts or the session need. */
    public void run() {
        try {
            disk.bring();
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = new IOException(e);
        }
    }

    void end() throws IOException { then.ended(failure); }
}
