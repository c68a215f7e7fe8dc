package io.dyad.nbd;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of one connection, on a thread of its own: handshake within its time, session, one log line when it ends badly. */
final class Connection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(NbdServer.class);
    private final SocketChannel channel;
    private final NbdServer server;
    private final String label;
    private volatile Wire wire;
    private final AtomicBoolean dropped = new AtomicBoolean();

    Connection(SocketChannel channel, NbdServer server, String label) {
        this.channel = channel;
        this.server = server;
        this.label = label;
        wire = new PlainWire(channel);
    }

    @Override public void run() {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            talk();
        } catch (ProtocolException | SSLException e) {
            LOG.warn("{} closed: {}", label, e.getMessage());
        } catch (IOException e) {
            LOG.debug("{} ended: {}", label, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("{} closed by a defect", label, e);
        } finally {
            close();
            server.ended(this);
        }
    }

    private void talk() throws IOException, InterruptedException {
        var options = server.options();
        var handshake = new Handshake(server.exports(), options.tls(), wire, upgraded -> wire = upgraded);
        var limit = server.clock().schedule(() -> drop("handshake took longer than " + options.handshakeLimit()),
                options.handshakeLimit().toMillis(), TimeUnit.MILLISECONDS);
        try {
            var agreed = handshake.negotiate();
            limit.cancel(false);
            if (agreed.isPresent()) serve(agreed.get(), handshake.rest());
            wire.finish();
        } finally {
            limit.cancel(false);
        }
    }

    private void serve(Session.Agreed agreed, ByteBuffer rest) throws IOException, InterruptedException {
        var export = agreed.export();
        var buffers = server.buffers().take();
        try {
            export.onRevoked(() -> drop("export " + agreed.name() + " was revoked"));
            var in = new Inbox(buffers.in(), wire);
            in.bytes.limit(rest.remaining()).put(rest).flip();
            new Session(agreed, wire, in, new Replies(buffers.out(), wire), label).serve();
        } finally {
            export.close();
            server.buffers().giveBack(buffers);
        }
    }

    /** Ends the connection now; requests in hand are not answered. */
    void drop(String why) {
        if (!dropped.getAndSet(true)) LOG.warn("{} closed: {}", label, why);
        close();
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("{}: closing", label, e);
        }
    }

    /** Ends the connection once the requests in hand are answered. */
    void end() { wire.endInput(); }
}
