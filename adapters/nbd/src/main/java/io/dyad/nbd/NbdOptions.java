package io.dyad.nbd;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How a server listens. With {@code tls} every session must start TLS first; without it sessions are plain, which off
 * loopback needs {@code insecure}. {@code handshakeLimit} bounds the time from accept to the first request,
 * {@code closeLimit} the wait for sessions to finish what they have in hand.
 */
public record NbdOptions(InetSocketAddress address, Optional<SSLContext> tls, boolean insecure,
                         Duration handshakeLimit, Duration closeLimit) {

    public static NbdOptions on(InetSocketAddress address) {
        return new NbdOptions(address, Optional.empty(), false, Duration.ofSeconds(10), Duration.ofSeconds(5));
    }

    public NbdOptions tls(SSLContext context) {
        return new NbdOptions(address, Optional.of(context), insecure, handshakeLimit, closeLimit);
    }

    public NbdOptions insecure(boolean allowed) {
        return new NbdOptions(address, tls, allowed, handshakeLimit, closeLimit);
    }

    public NbdOptions handshakeLimit(Duration limit) {
        return new NbdOptions(address, tls, insecure, limit, closeLimit);
    }

    public NbdOptions closeLimit(Duration limit) {
        return new NbdOptions(address, tls, insecure, handshakeLimit, limit);
    }
}
