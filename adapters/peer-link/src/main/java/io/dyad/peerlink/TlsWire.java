package io.dyad.peerlink;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 over a blocking socket channel. Records are sealed and opened straight between the caller's buffers and a socket
 * buffer, many records to a system call. Socket buffers are borrowed, see {@link SocketBuffers}: one for the time of a write, one
 * for as long as received bytes wait to be opened. Where none wait, the next are read into a small buffer of the wire's own.
 */
final class TlsWire implements Wire {
    private static final String[] PROTOCOLS = {"TLSv1.3"};
    private static final String[] SUITES = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};
    private static final int SMALL_BYTES = 6 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final String address;
    private final ByteBuffer small = ByteBuffer.allocate(SMALL_BYTES).limit(0);
    private ByteBuffer received = small;        // sealed records as they came, between position and limit: the small buffer, or a borrowed one
    private SocketBuffers.@Nullable Pair borrowed;
    private final ByteBuffer opened;            // plain bytes of a record that did not fit where they were wanted
    private final ReentrantLock writing = new ReentrantLock();
    private final String peerFingerprint;

    private TlsWire(SocketChannel channel, SSLEngine engine) throws IOException {
        this.channel = channel;
        this.engine = engine;
        this.address = String.valueOf(channel.getRemoteAddress());
        this.opened = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
        handshake();
        try {
            this.peerFingerprint = Identity.fingerprint(engine.getSession().getPeerCertificates()[0]);
        } catch (CertificateException e) {
            throw new SSLException("certificate of the peer is unreadable", e);
        }
    }

    /** Shakes hands; the engine knows no peer name, so no session is ever resumed. */
    static TlsWire over(SocketChannel channel, SSLContext context, boolean dialling) throws IOException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(dialling);
        if (!dialling) engine.setNeedClientAuth(true);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setEnabledCipherSuites(SUITES);
        return new TlsWire(channel, engine);
    }

    private void handshake() throws IOException {
        engine.beginHandshake();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> write(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> open(opened.clear().limit(0));
                case FINISHED, NOT_HANDSHAKING -> { return; }
            }
        }
    }

    @Override public void read(ByteBuffer into) throws IOException {
        try {
            while (into.hasRemaining()) {
                if (opened.hasRemaining()) take(into);
                else open(into);
            }
        } catch (IOException e) {
            received = small;
            giveBack();
            throw e;
        }
    }

    private void take(ByteBuffer into) {
        int bytes = Math.min(opened.remaining(), into.remaining());
        into.put(into.position(), opened, opened.position(), bytes).position(into.position() + bytes);
        opened.position(opened.position() + bytes);
    }

    /** One step: opens a record, or fetches more of it. */
    private void open(ByteBuffer into) throws IOException {
        switch (engine.unwrap(received, into).getStatus()) {
            case OK -> runTasks();
            case BUFFER_UNDERFLOW -> fetch();
            case BUFFER_OVERFLOW -> openAside();
            case CLOSED -> throw new EOFException("closed by the peer");
        }
    }

    /** The next record is larger than what is wanted of it, or so it seems before all of it is here. */
    private void openAside() throws IOException {
        opened.clear();
        SSLEngineResult.Status status = engine.unwrap(received, opened).getStatus();
        opened.flip();
        switch (status) {
            case OK -> runTasks();
            case BUFFER_UNDERFLOW -> fetch();
            case BUFFER_OVERFLOW -> throw new SSLException("record is larger than a record may be");
            case CLOSED -> throw new EOFException("closed by the peer");
        }
    }

    private void fetch() throws IOException {
        if (received == small && small.limit() - small.position() == SMALL_BYTES) borrow();
        else if (received != small && !received.hasRemaining()) returnBorrowed();
        received.compact();
        int bytes = received == small ? channel.read(small) : throughDirect();
        received.flip();
        if (bytes < 0) throw new EOFException("closed by the peer");
    }

    private int throughDirect() throws IOException {
        ByteBuffer direct = Objects.requireNonNull(borrowed).direct().clear().limit(received.remaining());
        int bytes = channel.read(direct);
        received.put(direct.flip());
        return bytes;
    }

    private void borrow() {
        SocketBuffers.Pair pair = SocketBuffers.SHARED.take();
        borrowed = pair;
        received = pair.heap().put(small).flip();
    }

    private void returnBorrowed() {
        received = small.limit(0);
        giveBack();
    }

    private void giveBack() {
        SocketBuffers.Pair pair = borrowed;
        borrowed = null;
        if (pair != null) SocketBuffers.SHARED.giveBack(pair);
    }

    @Override public void write(ByteBuffer... parts) throws IOException {
        writing.lock();
        SocketBuffers.Pair pair = SocketBuffers.SHARED.take();
        try {
            do sealRecord(pair, parts); while (parts[parts.length - 1].hasRemaining() || parts[0].hasRemaining());
            flush(pair);
        } finally {
            SocketBuffers.SHARED.giveBack(pair);
            writing.unlock();
        }
    }

    /** May seal a message of TLS itself, such as a key update, instead of the parts. */
    private void sealRecord(SocketBuffers.Pair sealed, ByteBuffer... parts) throws IOException {
        switch (engine.wrap(parts, sealed.heap()).getStatus()) {
            case OK -> runTasks();
            case BUFFER_OVERFLOW -> flush(sealed);
            case CLOSED -> throw new EOFException("already closed");
            case BUFFER_UNDERFLOW -> throw new SSLException("nothing to seal");
        }
    }

    private void flush(SocketBuffers.Pair sealed) throws IOException {
        ByteBuffer direct = sealed.direct().clear().put(sealed.heap().flip()).flip();
        sealed.heap().clear();
        while (direct.hasRemaining()) channel.write(direct);
    }

    private void runTasks() {
        if (engine.getHandshakeStatus() != HandshakeStatus.NEED_TASK) return;
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) task.run();
    }

    @Override public String peerFingerprint() { return peerFingerprint; }

    @Override public String peerAddress() { return address; }

    @Override public void close() { Sockets.close(channel); }
}
