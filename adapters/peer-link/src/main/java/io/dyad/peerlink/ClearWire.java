package io.dyad.peerlink;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;

/** The bare socket. Each end first says DYC1 and the fingerprint of its certificate, which the proofs that follow cover. */
final class ClearWire implements Wire {
    private static final int MAGIC = 0x44594331;
    /** So much at once: a header with a small payload behind it. Larger ones go where they belong without a copy. */
    private static final int AHEAD_BYTES = 8 << 10;

    private final SocketChannel channel;
    private final String address;
    private final String peerFingerprint;
    private final ReentrantLock writing = new ReentrantLock();
    private final ByteBuffer ahead = ByteBuffer.allocateDirect(AHEAD_BYTES).limit(0);

    private ClearWire(SocketChannel channel, String ownFingerprint) throws IOException {
        this.channel = channel;
        this.address = String.valueOf(channel.getRemoteAddress());
        write(ByteBuffer.allocate(Integer.BYTES + Digests.BYTES).putInt(MAGIC).put(HexFormat.of().parseHex(ownFingerprint)).flip());
        ByteBuffer greeting = ByteBuffer.allocate(Integer.BYTES + Digests.BYTES);
        read(greeting.limit(Integer.BYTES));
        if (greeting.getInt(0) != MAGIC) throw new ProtocolException("the other end does not speak the clear link");
        read(greeting.limit(greeting.capacity()));
        this.peerFingerprint = HexFormat.of().formatHex(greeting.array(), Integer.BYTES, greeting.capacity());
    }

    static ClearWire over(SocketChannel channel, String ownFingerprint) throws IOException { return new ClearWire(channel, ownFingerprint); }

    @Override public void read(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (ahead.hasRemaining()) take(into);
            else if (into.remaining() >= AHEAD_BYTES) receive(into);
            else fetch();
        }
    }

    private void take(ByteBuffer into) {
        int bytes = Math.min(into.remaining(), ahead.remaining());
        into.put(into.position(), ahead, ahead.position(), bytes).position(into.position() + bytes);
        ahead.position(ahead.position() + bytes);
    }

    private void fetch() throws IOException {
        ahead.clear();
        try {
            receive(ahead);
        } finally {
            ahead.flip();
        }
    }

    private void receive(ByteBuffer into) throws IOException {
        if (channel.read(into) < 0) throw new EOFException("closed by the peer");
    }

    @Override public void write(ByteBuffer... parts) throws IOException {
        writing.lock();
        try {
            long left = 0;
            for (ByteBuffer part : parts) left += part.remaining();
            while (left > 0) left -= channel.write(parts);
        } finally {
            writing.unlock();
        }
    }

    @Override public String peerFingerprint() { return peerFingerprint; }

    @Override public String peerAddress() { return address; }

    @Override public void close() { Sockets.close(channel); }
}
