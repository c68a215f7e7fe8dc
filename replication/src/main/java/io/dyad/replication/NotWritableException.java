package io.dyad.replication;

import java.io.IOException;

/** The volume's access, or a switch of direction under way, does not let a host do this. */
public final class NotWritableException extends IOException {
    private static final long serialVersionUID = 1;

    public NotWritableException(String message) { super(message); }
}
