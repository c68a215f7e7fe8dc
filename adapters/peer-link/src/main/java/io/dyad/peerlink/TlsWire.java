package io.dyad.peerlink;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 over a blocking socket channel. Records are sealed and opened straight between the caller's buffers and two
 * socket buffers, many records to a system call. Those are heap buffers: with direct ones the JDK's cipher took a third
 * more time for both ends together.
 */
final class TlsWire implements Wire {
    private static final String[] PROTOCOLS = {"TLSv1.3"};
    private static final String[] SUITES = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};
    private static final int SOCKET_BUFFER_BYTES = 256 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final String address;
    private final ByteBuffer received;          // sealed records as they came, between position and limit
    private final ByteBuffer opened;            // plain bytes of a record that did not fit where they were wanted
    private final ByteBuffer sealed;            // records to be sent, before the position
    private final ReentrantLock writing = new ReentrantLock();
    private final String peerFingerprint;

    private TlsWire(SocketChannel channel, SSLEngine engine) throws IOException {
        this.channel = channel;
        this.engine = engine;
        this.address = String.valueOf(channel.getRemoteAddress());
        this.received = ByteBuffer.allocate(SOCKET_BUFFER_BYTES).limit(0);
        this.opened = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
        this.sealed = ByteBuffer.allocate(SOCKET_BUFFER_BYTES);
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
                case NEED_WRAP -> seal(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> open(opened.clear().limit(0));
                case FINISHED, NOT_HANDSHAKING -> { return; }
            }
        }
    }

    @Override public void read(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (!opened.hasRemaining()) {
                open(into);
            } else {
                int bytes = Math.min(opened.remaining(), into.remaining());
                into.put(into.position(), opened, opened.position(), bytes).position(into.position() + bytes);
                opened.position(opened.position() + bytes);
            }
        }
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
        received.compact();
        int bytes = channel.read(received);
        received.flip();
        if (bytes < 0) throw new EOFException("closed by the peer");
    }

    @Override public void write(ByteBuffer... parts) throws IOException {
        writing.lock();
        try {
            for (ByteBuffer last = parts[parts.length - 1]; last.hasRemaining() || parts[0].hasRemaining(); ) sealRecord(parts);
            flush();
        } finally {
            writing.unlock();
        }
    }

    private void seal(ByteBuffer... parts) throws IOException {
        sealRecord(parts);
        flush();
    }

    /** May seal a message of TLS itself, such as a key update, instead of the parts. */
    private void sealRecord(ByteBuffer... parts) throws IOException {
        switch (engine.wrap(parts, sealed).getStatus()) {
            case OK -> runTasks();
            case BUFFER_OVERFLOW -> flush();
            case CLOSED -> throw new EOFException("already closed");
            case BUFFER_UNDERFLOW -> throw new SSLException("nothing to seal");
        }
    }

    private void flush() throws IOException {
        sealed.flip();
        try {
            while (sealed.hasRemaining()) channel.write(sealed);
        } finally {
            sealed.clear();
        }
    }

    private void runTasks() {
        if (engine.getHandshakeStatus() != HandshakeStatus.NEED_TASK) return;
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) task.run();
    }

    @Override public String peerFingerprint() { return peerFingerprint; }

    @Override public String peerAddress() { return address; }

    @Override public void close() { Sockets.close(channel); }
}
