package io.dyad.replication;

import java.io.IOException;

/** The other cluster cannot be reached now, or did not answer in time. */
public final class LinkDownException extends IOException {
    private static final long serialVersionUID = 1;

    public LinkDownException(String message) { super(message); }

    public LinkDownException(String message, Throwable cause) { super(message, cause); }
}
