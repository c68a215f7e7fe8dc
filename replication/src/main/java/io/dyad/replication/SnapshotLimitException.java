package io.dyad.replication;

import java.io.IOException;

/** A volume holds as many snapshots as it may, and none of them may give way. */
public final class SnapshotLimitException extends IOException {
    private static final long serialVersionUID = 1;

    public SnapshotLimitException(String message) { super(message); }
}
