package io.dyad.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Bytes as they are. */
final class PlainWire extends Wire {
    PlainWire(SocketChannel channel) { super(channel); }

    @Override int receive(ByteBuffer into) throws IOException { return channel.read(into); }

    @Override void send(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) channel.write(from);
    }

    @Override void finish() {}
}
