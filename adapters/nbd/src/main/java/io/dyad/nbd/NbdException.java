package io.dyad.nbd;

import java.io.IOException;

/** A request that failed with an error the host is told by its own code, and in words where the protocol has room. */
public final class NbdException extends IOException {
    private static final long serialVersionUID = 1;
    private final NbdError error;

    public NbdException(NbdError error, String message) {
        super(message);
        this.error = error;
    }

    public NbdError error() { return error; }
}
