package io.dyad.peerlink;

import io.dyad.peerlink.packing.Pace;
import io.dyad.peerlink.packing.Packer;
import io.dyad.peerlink.packing.Packing;
import io.dyad.replication.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The sending side of a pipe: header and payload leave in one write, the payload packed where the wire is slow. One thread sends. */
final class Outgoing {
    private static final int UNKNOWN = -1;
    private final Wire wire;
    private final LongSupplier nowNs;
    private final ByteBuffer header = ByteBuffer.allocateDirect(Frame.HEADER_BYTES);
    private final Pace pace = new Pace();
    private volatile int peerKeeps = UNKNOWN;
    private @Nullable Packer packer;

    Outgoing(Wire wire, LongSupplier nowNs) {
        this.wire = wire;
        this.nowNs = nowNs;
    }

    /** The other end has said how many blocks it keeps; from any thread. Nothing is packed before. */
    void peerKeeps(int blocks) { peerKeeps = blocks; }

    void send(Frame frame) throws IOException {
        header.clear();
        frame.putHeader(header);
        header.flip();
        ByteBuffer payload = frame.payload().duplicate();
        if (payload.remaining() >= Packing.BLOCK_BYTES && peerKeeps != UNKNOWN && pace.packs()) payload = packed(payload);
        int bytes = Frame.HEADER_BYTES + payload.remaining();
        long began = nowNs.getAsLong();
        wire.write(header, payload);
        pace.wrote(bytes, nowNs.getAsLong() - began);
    }

    private ByteBuffer packed(ByteBuffer payload) {
        Packer using = packer == null ? packer = new Packer(peerKeeps) : packer;
        long began = nowNs.getAsLong();
        ByteBuffer packed = using.pack(payload);
        pace.packed(payload.remaining(), packed.remaining(), nowNs.getAsLong() - began);
        Frame.flags(header, Packing.FLAG);
        return packed;
    }
}
