package io.dyad.nbd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves exports to NBD clients: one thread accepts, one thread serves each connection. */
public final class NbdServer implements AutoCloseable {
    /** One more is closed as soon as it is accepted. */
    static final int MAX_CONNECTIONS = 256;
    private static final Logger LOG = LoggerFactory.getLogger(NbdServer.class);
    private static final long ACCEPT_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NbdOptions options;
    private final Exports exports;
    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final Buffers buffers = new Buffers();
    private final ScheduledExecutorService clock;
    private final Map<Connection, Thread> connections = new HashMap<>();     // guarded by itself
    private boolean closed;                                                   // guarded by connections
    private long accepted;

    private NbdServer(NbdOptions options, Exports exports, ServerSocketChannel listener) throws IOException {
        this.options = options;
        this.exports = exports;
        this.listener = listener;
        address = (InetSocketAddress) listener.getLocalAddress();
        clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("nbd clock").factory());
    }

    /** Listens and serves until closed. Refuses an address off loopback without TLS or {@code insecure}. */
    public static NbdServer start(NbdOptions options, Exports exports) throws IOException {
        var wanted = options.address();
        if (wanted.isUnresolved()) throw new IllegalArgumentException("NBD address " + wanted + " cannot be resolved");
        if (!wanted.getAddress().isLoopbackAddress() && options.tls().isEmpty() && !options.insecure())
            throw new IllegalArgumentException("NBD on " + wanted.getHostString()
                    + " would be open to the network in clear: give it TLS, or allow it explicitly (insecure)");
        var listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(wanted);
            var server = new NbdServer(options, exports, listener);
            Thread.ofPlatform().daemon().name("nbd accept").start(server::accept);
            return server;
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    /** Where it listens, with the port it was given when it asked for any. */
    public InetSocketAddress address() { return address; }

    NbdOptions options() { return options; }

    Exports exports() { return exports; }

    Buffers buffers() { return buffers; }

    ScheduledExecutorService clock() { return clock; }

    private void accept() {
        while (listener.isOpen()) {
            try {
                admit(listener.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("cannot accept an NBD connection: {}", e.toString());
                LockSupport.parkNanos(ACCEPT_RETRY_NS);      // out of file descriptors, most likely
            }
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        String label = "nbd " + ++accepted + " from " + channel.getRemoteAddress();
        synchronized (connections) {
            if (!closed && connections.size() < MAX_CONNECTIONS) {
                var connection = new Connection(channel, this, label);
                var thread = Thread.ofPlatform().daemon().name(label).unstarted(connection);
                connections.put(connection, thread);
                thread.start();
                return;
            }
        }
        LOG.warn("{} closed: the limit of {} connections is reached", label, MAX_CONNECTIONS);
        channel.close();
    }

    void ended(Connection connection) {
        synchronized (connections) {
            connections.remove(connection);
        }
    }

    /** Stops accepting, lets every session answer what it has in hand, and drops those that need longer than the limit. */
    @Override public void close() throws IOException {
        Map<Connection, Thread> open;
        synchronized (connections) {
            if (closed) return;
            closed = true;
            open = new HashMap<>(connections);
        }
        listener.close();
        open.keySet().forEach(Connection::end);
        long deadlineNs = System.nanoTime() + options.closeLimit().toNanos();
        try {
            for (var entry : open.entrySet()) {
                long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime()));
                if (!entry.getValue().join(Duration.ofMillis(leftMs))) entry.getKey().drop("server is closing");
            }
        } catch (InterruptedException e) {
            open.keySet().forEach(connection -> connection.drop("server is closing"));
            Thread.currentThread().interrupt();
        } finally {
            clock.shutdownNow();
        }
    }
}
