package io.dyad.cli.campaign;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Stands in the link between two clusters, knows nothing of what crosses, and cuts, refuses or slows it. */
final class LinkProxy implements Closeable {
    private static final int CHUNK_BYTES = 16 << 10;
    private final ServerSocket server;
    private final InetSocketAddress far;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong crossed = new AtomicLong();
    private volatile boolean refusing;
    private volatile long cutAtByte = Long.MAX_VALUE;
    private volatile long bytesPerSecond = Long.MAX_VALUE;
    private volatile int cuts;

    LinkProxy(InetSocketAddress far) throws IOException {
        this.far = far;
        this.server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("proxy").start(this::serve);
    }

    InetSocketAddress far() { return far; }

    String address() { return "127.0.0.1:" + server.getLocalPort(); }

    /** Bytes that crossed, both ways together, framing and all. */
    long crossed() { return crossed.get(); }

    /** How many times it has reset connections at a byte. */
    int cuts() { return cuts; }

    /** Resets everything once so many more bytes have crossed, wherever in a frame that is. */
    void cutAfter(long bytes) { cutAtByte = crossed.get() + bytes; }

    /** Nothing crosses, and nobody connects, until {@link #heal}. */
    void sever() {
        refusing = true;
        reset();
    }

    void heal() {
        refusing = false;
        cutAtByte = Long.MAX_VALUE;
    }

    /** At most so many bytes a second each way from now on. */
    void slow(long bytes) { bytesPerSecond = bytes; }

    private void reset() {
        for (Socket each : open) {
            try {
                each.setSoLinger(true, 0);
                each.close();
            } catch (IOException e) {
                // gone already
            }
        }
        open.clear();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                if (refusing) near.close();
                else connect(near);
            } catch (IOException e) {
                // the next one may fare better
            }
        }
    }

    private void connect(Socket near) throws IOException {
        Socket other = new Socket();
        try {
            other.connect(far, 1000);
        } catch (IOException e) {
            near.close();
            return;
        }
        for (Socket each : new Socket[] {near, other}) {
            each.setTcpNoDelay(true);
            open.add(each);
        }
        if (refusing) reset();
        Thread.ofPlatform().daemon().start(() -> pump(near, other));
        Thread.ofPlatform().daemon().start(() -> pump(other, near));
    }

    private void pump(Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                long before = crossed.getAndAdd(n);
                if (before + n > cutAtByte) {
                    out.write(chunk, 0, (int) Math.max(0, cutAtByte - before));
                    out.flush();
                    cut();
                    return;
                }
                out.write(chunk, 0, n);
                long rate = bytesPerSecond;
                if (rate < Long.MAX_VALUE) LockSupport.parkNanos(n * 1_000_000_000L / rate);
            }
        } catch (IOException e) {
            // the other direction ends too
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private synchronized void cut() {
        if (cutAtByte == Long.MAX_VALUE) return;
        cutAtByte = Long.MAX_VALUE;
        cuts++;
        reset();
    }

    @Override public void close() throws IOException {
        server.close();
        sever();
    }
}
