package io.dyad.peerlink;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A connected stream of bytes to a peer whose certificate is known. One thread reads; several may write. */
interface Wire {
    /** Fills the buffer to its limit. */
    void read(ByteBuffer into) throws IOException;

    /** Sends all of all parts in one piece, at once; the parts are free for reuse when it returns. */
    void write(ByteBuffer... parts) throws IOException;

    /** The fingerprint of the certificate that the peer showed; over TLS it has proved to hold its key. */
    String peerFingerprint();

    /** Where the peer is, for log lines. */
    String peerAddress();

    /** Ends it at once; whoever waits in a read or write fails. Idempotent, from any thread. */
    void close();
}
