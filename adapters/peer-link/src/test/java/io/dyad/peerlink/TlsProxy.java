package io.dyad.peerlink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A man in the middle: ends TLS with a certificate of its own on both sides and passes every byte on. */
final class TlsProxy implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Identity identity;
    private final String target;
    private volatile boolean forwarded;

    TlsProxy(Identity identity, String target) throws IOException {
        this.identity = identity;
        this.target = target;
        this.server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    String link() throws IOException { return "127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort(); }

    /** Whether a byte of the two has crossed. */
    boolean forwarded() { return forwarded; }

    private void serve() {
        try {
            while (true) {
                Wire near = Transport.TLS.over(server.accept(), identity, false);
                Wire far = Transport.TLS.over(SocketChannel.open(Sockets.resolve(target)), identity, true);
                Thread.ofPlatform().daemon().start(() -> pump(near, far));
                Thread.ofPlatform().daemon().start(() -> pump(far, near));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pump(Wire from, Wire to) {
        try {
            while (true) {
                ByteBuffer one = ByteBuffer.allocate(1);
                from.read(one);
                forwarded = true;
                to.write(one.flip());
            }
        } catch (IOException e) {
            from.close();
            to.close();
        }
    }

    @Override public void close() { Sockets.close(server); }
}
