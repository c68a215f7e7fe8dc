package io.dyad.jsonrpc;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Socket options under which a client that stays silent for {@code readTimeout} loses its connection, be it in the TLS
 * handshake, between requests or inside one. Helidon itself sets no read timeout on what it accepts.
 */
record SilenceLimit(SocketOptions rest, Duration readTimeout, Consumer<SocketChannel> connected) implements SocketOptions {
    /** {@code connected} is told of each connection. */
    static SilenceLimit of(Duration readTimeout, Consumer<SocketChannel> connected) { return new SilenceLimit(SocketOptions.create(), readTimeout, connected); }

    /** Holds for reads through the channel's socket, so not with {@code useNio}. */
    @Override public void configureSocket(SocketChannel channel) {
        rest.configureSocket(channel);
        connected.accept(channel);
        try {
            channel.socket().setSoTimeout(Math.toIntExact(readTimeout.toMillis()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override public Map<SocketOption<?>, Object> socketOptions() { return rest.socketOptions(); }

    @Override public Duration connectTimeout() { return rest.connectTimeout(); }

    @Override public Optional<Integer> socketReceiveBufferSize() { return rest.socketReceiveBufferSize(); }

    @Override public Optional<Integer> socketSendBufferSize() { return rest.socketSendBufferSize(); }

    @Override public boolean socketReuseAddress() { return rest.socketReuseAddress(); }

    @Override public boolean socketKeepAlive() { return rest.socketKeepAlive(); }

    @Override public boolean tcpNoDelay() { return rest.tcpNoDelay(); }
}
