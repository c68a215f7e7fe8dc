package io.dyad.testkit.sim.check;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A frame as it goes over the wire, read by its drawn layout and not by the product's code. */
record Wire(int type, long number, long offsetBytes, long lengthBytes, ByteBuffer payload) {
    static final int ATTACH = 1;
    static final int EPOCH = 4;
    static final int BLOCKS = 5;
    static final int ZEROES = 6;
    static final int END = 7;
    static final int COMMITTED = 8;
    static final int WRITES = 9;
    static final int ACK = 11;
    static final int RECEIVED = 13;
    static final int DIGESTS = 17;
    static final int TAKEN = 20;
    static final int PROOF = 23;
    private static final int HEADER_BYTES = 40;
    private static final int WRITE_HEADER_BYTES = 24;

    static Wire of(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes);
        return new Wire(b.getShort(4), b.getLong(16), b.getLong(24), b.getLong(32), b.slice(HEADER_BYTES, bytes.length - HEADER_BYTES));
    }

    /** One streamed write; {@code data} is empty for zeroes. */
    record Write(long number, long offsetBytes, long lengthBytes, ByteBuffer data) { }

    /** Those of a frame of WRITES: each is its number, its offset, its length with the sign bit set for zeroes, its data. */
    List<Write> writes() {
        List<Write> all = new ArrayList<>();
        for (int at = 0; type == WRITES && at < payload.limit(); ) {
            long length = payload.getLong(at + 16);
            int bytes = length < 0 ? 0 : (int) length;
            all.add(new Write(payload.getLong(at), payload.getLong(at + 8), length & Long.MAX_VALUE, payload.slice(at + WRITE_HEADER_BYTES, bytes)));
            at += WRITE_HEADER_BYTES + bytes;
        }
        return all;
    }

    /** The one name in its payload. */
    Optional<UUID> name() { return payload.remaining() < 16 ? Optional.empty() : Optional.of(new UUID(payload.getLong(0), payload.getLong(8))); }
}
