package io.dyad.peerlink;

import io.dyad.replication.LinkDownException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Sockets as the link wants them: no Nagle, large buffers where the system allows them. */
final class Sockets {
    private static final int BUFFER_BYTES = 4 << 20;
    /** A request that the system cuts down would only switch its own tuning off. */
    private static final boolean LARGE_BUFFERS = allowsLargeBuffers();

    private Sockets() { }

    static ServerSocketChannel listen(InetSocketAddress address) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (LARGE_BUFFERS) server.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            return server.bind(address, 256);
        } catch (IOException e) {
            close(server);
            throw e;
        }
    }

    static void tune(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (!LARGE_BUFFERS) return;
        channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
    }

    /** Reads HOST:PORT; an IPv6 host stands in brackets. */
    static InetSocketAddress resolve(String link) throws LinkDownException {
        int colon = link.lastIndexOf(':');
        try {
            String host = link.substring(0, colon).replaceAll("[\\[\\]]", "");
            InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(link.substring(colon + 1)));
            if (!address.isUnresolved()) return address;
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw new LinkDownException("not a HOST:PORT: " + link, e);
        }
        throw new LinkDownException("unknown host in " + link);
    }

    static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // it is closed all the same
        }
    }

    private static boolean allowsLargeBuffers() {
        try (SocketChannel probe = SocketChannel.open()) {
            return granted(probe, StandardSocketOptions.SO_SNDBUF) && granted(probe, StandardSocketOptions.SO_RCVBUF);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean granted(NetworkChannel probe, SocketOption<Integer> option) throws IOException {
        return probe.setOption(option, BUFFER_BYTES).getOption(option) >= BUFFER_BYTES;
    }
}
