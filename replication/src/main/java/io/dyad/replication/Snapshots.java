package io.dyad.replication;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The durable cuts of a volume, by name. Taking and deleting one costs the same however large the volume is; the owner's lock is held. */
public interface Snapshots {
    int MAX = 32;

    /**
     * A durable cut of the content as it is now, or, where {@code of} names a cut, one more of that. What was written before is on the disk when it
     * returns. The name is new; an unknown {@code of}: {@link java.io.FileNotFoundException}.
     */
    void take(UUID name, Optional<UUID> of) throws IOException;

    default void take(UUID name) throws IOException { take(name, Optional.empty()); }

    /** The content at a cut; may be opened several times, each closed once. Unknown: {@link java.io.FileNotFoundException}. */
    LayerStack.Frozen open(UUID name) throws IOException;

    /** Forgets a cut; views open on it stay readable until they are closed. Unknown is fine. */
    void delete(UUID name) throws IOException;

    /** True when nothing was written since this cut was made, now or before a restart: it holds what the volume holds. Unknown is false. */
    boolean unwrittenSince(UUID name) throws IOException;

    /** The cuts there are, oldest first. */
    Set<UUID> names();
}
