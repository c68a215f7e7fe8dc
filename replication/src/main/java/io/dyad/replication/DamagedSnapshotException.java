package io.dyad.replication;

import java.io.IOException;
import java.util.UUID;

/** A block of a snapshot is damaged, so that no other end may be made to hold it. */
final class DamagedSnapshotException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedSnapshotException(UUID snapshot, DamagedBlockException block) { super("a block of snapshot " + snapshot + " is damaged: it is not shipped", block); }
}
