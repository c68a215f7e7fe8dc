package io.dyad.replication;

import java.io.IOException;
import java.util.Optional;

/** The place beside a volume's {@link LayerStack} where one layer at a time is filled. Called by the one thread that holds the owner's lock. */
public interface Staging {
    /** A new layer outside the stack, to be filled and then committed or discarded. At most one at a time, an unfinished one included. */
    Staged stage() throws IOException;

    /** The staged layer that a restart left unfinished: what was {@link Staged#flush flushed} is in it, what came later may be. */
    Optional<Staged> unfinished() throws IOException;
}
