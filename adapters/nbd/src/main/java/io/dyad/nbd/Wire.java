package io.dyad.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/** The byte stream to one client. One thread reads; whoever writes holds {@link #sending} for a whole frame. */
abstract sealed class Wire permits PlainWire, TlsWire {
    final SocketChannel channel;
    final ReentrantLock sending = new ReentrantLock();
    private volatile boolean ending;

    Wire(SocketChannel channel) { this.channel = channel; }

    /** At least one byte, or -1 at the end of the stream or once {@link #endInput} was called. */
    final int read(ByteBuffer into) throws IOException { return ending ? -1 : receive(into); }

    /** Writes all of {@code from} as one frame among those of other threads. */
    final void write(ByteBuffer from) throws IOException {
        sending.lock();
        try {
            send(from);
        } finally {
            sending.unlock();
        }
    }

    /** Lets the reader see the end of the stream after the requests it has in hand. */
    final void endInput() {
        ending = true;
        try {
            channel.shutdownInput();
        } catch (IOException alreadyGone) {
            // the reader has seen, or will see, the same
        }
    }

    abstract int receive(ByteBuffer into) throws IOException;

    abstract void send(ByteBuffer from) throws IOException;

    /** Says goodbye, where the stream has a word for it; the channel is closed by its owner. */
    abstract void finish() throws IOException;
}
