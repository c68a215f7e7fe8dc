package io.dyad.replication;

import java.io.IOException;

/** A block's content does not match its checksum. */
public final class DamagedBlockException extends IOException {
    private static final long serialVersionUID = 1;
    private final long offsetBytes;

    public DamagedBlockException(long offsetBytes) {
        super("block at offset " + offsetBytes + " does not match its checksum");
        this.offsetBytes = offsetBytes;
    }

    public long offsetBytes() { return offsetBytes; }
}
