package io.dyad.peerlink;

import io.dyad.peerlink.packing.HeldBudget;
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
    private final HeldBudget budget;
    private Unpacker unpacker;
    private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
    private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    private ByteBuffer packed = ByteBuffer.allocate(0);

    Incoming(Wire wire, BufferPool buffers, HeldBudget budget) {
        this.wire = wire;
        this.buffers = buffers;
        this.budget = budget;
        this.unpacker = new Unpacker(0, budget);
    }

    /** The other end's first words. {@code canKeep}: how many blocks this one can keep. Returns how many both do. */
    int greeted(int canKeep) throws IOException {
        ByteBuffer greeting = ByteBuffer.allocate(Packing.GREETING_BYTES);
        wire.read(greeting);
        int kept = Math.min(canKeep, Packing.greeted(greeting));
        unpacker = new Unpacker(kept, budget);
        return kept;
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

    /** Nothing is read any more. */
    void end() { unpacker.end(); }

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
