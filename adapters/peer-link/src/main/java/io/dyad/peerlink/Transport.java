package io.dyad.peerlink;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** How bytes cross between two clusters. Both ends must be set to the same; authentication and checksums are the same in both. */
public enum Transport {
    /** TLS 1.3, both ends with their certificate. */
    TLS {
        @Override Wire over(SocketChannel channel, Identity identity, boolean dialling) throws IOException {
            return TlsWire.over(channel, identity.linkContext(), dialling);
        }
    },
    /** Unencrypted: for loopback and dedicated networks only. Certificates are claimed, not proved; secrets never cross in the clear. */
    CLEAR {
        @Override Wire over(SocketChannel channel, Identity identity, boolean dialling) throws IOException {
            return ClearWire.over(channel, identity.fingerprint());
        }
    };

    /** Makes a wire of a connected socket, which the caller closes if this throws. */
    abstract Wire over(SocketChannel channel, Identity identity, boolean dialling) throws IOException;
}
