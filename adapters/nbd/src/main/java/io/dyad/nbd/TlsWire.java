package io.dyad.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** Bytes inside TLS, the server's end. */
final class TlsWire extends Wire {
    private static final int RECORDS = 8;
    private final SSLEngine engine;
    private final int recordBytes;
    private final ByteBuffer sealedIn;      // ready to be read: position..limit
    private final ByteBuffer sealedOut;
    private final ByteBuffer opened;        // of a record too large for the caller's room, ready to be read

    private TlsWire(SocketChannel channel, SSLEngine engine) {
        super(channel);
        this.engine = engine;
        var session = engine.getSession();
        recordBytes = session.getApplicationBufferSize();
        sealedIn = ByteBuffer.allocateDirect(RECORDS * session.getPacketBufferSize()).limit(0);
        sealedOut = ByteBuffer.allocateDirect(RECORDS * session.getPacketBufferSize());
        opened = ByteBuffer.allocateDirect(recordBytes).limit(0);
    }

    /** Performs the handshake. */
    static TlsWire accept(SocketChannel channel, SSLContext context) throws IOException {
        var engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        var wire = new TlsWire(channel, engine);
        engine.beginHandshake();
        wire.shakeHands();
        return wire;
    }

    private void shakeHands() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case FINISHED, NOT_HANDSHAKING -> { return; }
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> write(ByteBuffer.allocate(0));
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (open(opened.clear()) < 0) throw new EOFException("end of stream in the TLS handshake");
                    opened.flip();
                }
            }
        }
    }

    @Override int receive(ByteBuffer into) throws IOException {
        while (!opened.hasRemaining()) {
            boolean direct = into.remaining() >= recordBytes;
            int got = open(direct ? into : opened.clear());
            if (!direct) opened.flip();
            if (got < 0) return -1;
            if (direct && got > 0) return got + openWhatIsHere(into);
        }
        int take = Math.min(opened.remaining(), into.remaining());
        into.put(into.position(), opened, opened.position(), take).position(into.position() + take);
        opened.position(opened.position() + take);
        return take;
    }

    /** More whole records that came with the same socket read. */
    private int openWhatIsHere(ByteBuffer into) throws IOException {
        int total = 0;
        while (sealedIn.hasRemaining() && into.remaining() >= recordBytes) {
            var result = engine.unwrap(sealedIn, into);
            if (result.bytesConsumed() == 0) break;
            after(result);
            total += result.bytesProduced();
        }
        return total;
    }

    /** Opens one record, reading from the socket as needed; -1 at the end. */
    private int open(ByteBuffer into) throws IOException {
        while (true) {
            var result = engine.unwrap(sealedIn, into);
            switch (result.getStatus()) {
                case CLOSED -> { return -1; }
                case BUFFER_OVERFLOW -> throw new IOException("TLS record larger than the session allows");
                case OK -> {
                    after(result);
                    return result.bytesProduced();
                }
                case BUFFER_UNDERFLOW -> {
                    sealedIn.compact();
                    int got = channel.read(sealedIn);
                    sealedIn.flip();
                    if (got < 0) return -1;
                }
            }
        }
    }

    /** A peer may renew its keys at any time. */
    private void after(SSLEngineResult result) throws IOException {
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) runTasks();
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) write(ByteBuffer.allocate(0));
    }

    private void runTasks() {
        for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) task.run();
    }

    @Override void send(ByteBuffer from) throws IOException {
        do {
            sealedOut.clear();
            do {
                var result = engine.wrap(from, sealedOut);
                if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    flushSealed();
                    if (from.hasRemaining()) throw new EOFException("TLS stream is closed");
                    return;
                }
                if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) break;
                if (result.bytesProduced() == 0 && from.hasRemaining()) throw new IOException("TLS renegotiation is refused");
            } while (from.hasRemaining());
            flushSealed();
        } while (from.hasRemaining());
    }

    private void flushSealed() throws IOException {
        sealedOut.flip();
        while (sealedOut.hasRemaining()) channel.write(sealedOut);
    }

    @Override void finish() throws IOException {
        engine.closeOutbound();
        write(ByteBuffer.allocate(0));
    }
}
