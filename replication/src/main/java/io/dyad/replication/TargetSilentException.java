package io.dyad.replication;

import java.io.IOException;

/** A write that a strict Sync pair does not acknowledge, for its target has not answered in time. It may be there or not. */
public final class TargetSilentException extends IOException {
    private static final long serialVersionUID = 1;

    TargetSilentException(String message) { super(message); }
}
