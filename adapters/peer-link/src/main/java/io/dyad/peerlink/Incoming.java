package io.dyad.peerlink;

import io.dyad.peerlink.packing.Packing;
import io.dyad.peerlink.packing.Unpacker;
import io.dyad.replication.BadFrameException;
import io.dyad.replication.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The receiving side of a pipe: reads frames, unpacks what was packed. One thread reads. */
final class Incoming {
    private final Wire wire;
    private final BufferPool buffers;
    private final Unpacker unpacker;
    private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
    private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    private ByteBuffer packed = ByteBuffer.allocate(0);

    /** {@code kept}: how many received blocks this end keeps, as it has told the other. */
    Incoming(Wire wire, BufferPool buffers, int kept) {
        this.wire = wire;
        this.buffers = buffers;
        this.unpacker = new Unpacker(kept);
    }

    /** The other end's first words: how many blocks it keeps. */
    int greeting() throws IOException {
        ByteBuffer greeting = ByteBuffer.allocate(Packing.GREETING_BYTES);
        wire.read(greeting);
        return Packing.greeted(greeting);
    }

    Frame next() throws IOException {
        wire.read(header.clear());
        header.flip();
        int bytes = Frame.payloadBytes(header);
        if (bytes == 0) return Frame.parse(header, ByteBuffer.allocate(0), () -> { });
        BufferPool.Loan loan = buffers.take(bytes);
        boolean whole = false;
        try {
            if (Frame.flags(header) == Packing.FLAG) unpack(loan.buffer());
            else wire.read(loan.buffer());
            Frame frame = Frame.parse(header, loan.buffer().flip(), loan.giveBack());
            whole = true;
            return frame;
        } finally {
            if (!whole) loan.giveBack().run();
        }
    }

    private void unpack(ByteBuffer into) throws IOException {
        Frame.flags(header, 0);
        wire.read(length.clear());
        int bytes = length.getInt(0);
        if (bytes <= 0 || bytes > Packing.limit(into.remaining())) throw new BadFrameException(into.remaining() + " bytes packed into " + bytes);
        if (packed.capacity() < bytes) packed = ByteBuffer.allocate(Packing.limit(Math.max(into.remaining(), bytes)));
        wire.read(packed.clear().limit(bytes));
        unpacker.unpack(packed.flip(), into);
    }
}
