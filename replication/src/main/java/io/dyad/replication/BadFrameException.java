package io.dyad.replication;

import java.io.IOException;

/** Bytes on the link that are not a frame of ours, or a damaged one. The connection ends. */
public final class BadFrameException extends IOException {
    private static final long serialVersionUID = 1;

    public BadFrameException(String message) { super(message); }
}
