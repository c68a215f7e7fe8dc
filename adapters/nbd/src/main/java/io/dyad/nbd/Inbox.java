package io.dyad.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What has been received and not yet taken: the remaining bytes of one reused buffer. Owned by the session's reader. */
final class Inbox {
    final ByteBuffer bytes;
    private final Wire wire;

    Inbox(ByteBuffer buffer, Wire wire) {
        bytes = buffer.clear().limit(0);
        this.wire = wire;
    }

    /** Waits until {@code count} bytes are here, reading as many more as the socket has and the buffer holds. */
    void require(int count) throws IOException {
        while (bytes.remaining() < count) {
            if (!bytes.hasRemaining()) bytes.clear().limit(0);
            else if (bytes.capacity() - bytes.position() < count) bytes.compact().flip();
            int start = bytes.position(), end = bytes.limit();
            bytes.limit(bytes.capacity()).position(end);
            int got;
            try {
                got = wire.read(bytes);
            } finally {
                bytes.limit(bytes.position()).position(start);
            }
            if (got < 0) throw new EOFException("client hung up");
        }
    }

    /** Takes and forgets {@code count} bytes, however many they are. */
    void drain(long count) throws IOException {
        for (long left = count; left > 0; ) {
            if (!bytes.hasRemaining()) require(1);
            int take = (int) Math.min(left, bytes.remaining());
            bytes.position(bytes.position() + take);
            left -= take;
        }
    }
}
