package io.dyad.replication;

import java.io.IOException;

/** The store has no room for a write. */
public final class StoreFullException extends IOException {
    private static final long serialVersionUID = 1;

    public StoreFullException(String message) { super(message); }

    public StoreFullException(String message, Throwable cause) { super(message, cause); }
}
