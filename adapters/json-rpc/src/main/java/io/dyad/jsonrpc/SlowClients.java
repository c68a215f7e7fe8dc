package io.dyad.jsonrpc;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections that take longer than {@code limit} to come to a request: counted from their beginning, or from their last answer, to the
 * end of the next request's headers. A client that keeps sending a byte now and then is never silent, and would hold its place for ever.
 * Safe for any thread; looks round four times a limit on a thread of its own.
 */
final class SlowClients implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlowClients.class);
    private static final int LOOKS_A_LIMIT = 4;

    /** A connection; {@code dueNs} is when it is to have come to a request, unless a call of it is under way. */
    private record Watched(SocketChannel channel, boolean called, long dueNs) { }

    private final Map<SocketAddress, Watched> connections = new ConcurrentHashMap<>();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("api-slow-clients").factory());
    private final long limitNs;

    SlowClients(Duration limit) {
        this.limitNs = limit.toNanos();
        long everyNs = Math.max(1, limitNs / LOOKS_A_LIMIT);
        looking.scheduleWithFixedDelay(this::look, everyNs, everyNs, TimeUnit.NANOSECONDS);
    }

    void connected(SocketChannel channel) {
        try {
            connections.put(channel.getRemoteAddress(), new Watched(channel, false, System.nanoTime() + limitNs));
        } catch (IOException goneAlready) {
            LOG.debug("A client left at once", goneAlready);
        }
    }

    void called(SocketAddress client) { connections.computeIfPresent(client, (a, w) -> new Watched(w.channel(), true, w.dueNs())); }

    void answered(SocketAddress client) { connections.computeIfPresent(client, (a, w) -> new Watched(w.channel(), false, System.nanoTime() + limitNs)); }

    private void look() {
        long now = System.nanoTime();
        connections.values().removeIf(w -> !w.channel().isOpen());
        connections.values().stream().filter(w -> !w.called() && now - w.dueNs() > 0).forEach(SlowClients::end);
    }

    private static void end(Watched slow) {
        try {
            slow.channel().close();
        } catch (IOException e) {
            LOG.debug("A slow client was gone already", e);
        }
    }

    @Override public void close() { looking.shutdownNow(); }
}
