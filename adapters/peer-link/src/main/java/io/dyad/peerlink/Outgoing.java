package io.dyad.peerlink;

import io.dyad.peerlink.packing.HeldBudget;
import io.dyad.peerlink.packing.Pace;
import io.dyad.peerlink.packing.Packer;
import io.dyad.peerlink.packing.Packing;
import io.dyad.replication.Frame;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The sending side of a pipe: header and payload leave in one write, the payload packed where the wire is slow. One thread sends, any ends it. */
final class Outgoing {
    private static final int UNKNOWN = -1;
    private final Wire wire;
    private final HeldBudget budget;
    private final LongSupplier nowNs;
    /** Held while a frame leaves: what was kept for packing is given back after the last one only. */
    private final ReentrantLock leaving = new ReentrantLock();
    private final ByteBuffer header = ByteBuffer.allocateDirect(Frame.HEADER_BYTES);
    private final Pace pace = new Pace();
    private volatile int kept = UNKNOWN;
    private @Nullable Packer packer;
    private boolean ended;

    Outgoing(Wire wire, HeldBudget budget, LongSupplier nowNs) {
        this.wire = wire;
        this.budget = budget;
        this.nowNs = nowNs;
    }

    /** Both ends have said how many blocks they can keep; from any thread. Nothing is packed before. */
    void kept(int blocks) { kept = blocks; }

    void send(Frame frame) throws IOException {
        leaving.lock();
        try {
            if (ended) throw new EOFException("the pipe has ended");
            leave(frame);
        } finally {
            leaving.unlock();
        }
    }

    /** The wire is closed: no frame leaves any more, and nothing is kept. */
    void end() {
        leaving.lock();
        try {
            ended = true;
            if (packer != null) packer.end();
        } finally {
            leaving.unlock();
        }
    }

    private void leave(Frame frame) throws IOException {
        header.clear();
        frame.putHeader(header);
        header.flip();
        ByteBuffer payload = frame.payload().duplicate();
        if (payload.remaining() >= Packing.BLOCK_BYTES && kept != UNKNOWN && pace.packs()) payload = packed(payload);
        int bytes = Frame.HEADER_BYTES + payload.remaining();
        long began = nowNs.getAsLong();
        wire.write(header, payload);
        pace.wrote(bytes, nowNs.getAsLong() - began);
    }

    private ByteBuffer packed(ByteBuffer payload) {
        Packer using = packer == null ? packer = new Packer(kept, budget) : packer;
        long began = nowNs.getAsLong();
        ByteBuffer packed = using.pack(payload);
        pace.packed(payload.remaining(), packed.remaining(), nowNs.getAsLong() - began);
        Frame.flags(header, Packing.FLAG);
        return packed;
    }
}
