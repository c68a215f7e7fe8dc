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
    static final int RUNS = 28;
    private static final int HEADER_BYTES = 40;
    private static final int WRITE_HEADER_BYTES = 24;
    private static final int RUN_BYTES = 16;

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

    /** A run of blocks of an epoch; {@code data} is empty for zeroes. */
    record Run(long offsetBytes, long lengthBytes, ByteBuffer data) { }

    /** What a frame brings of an epoch: one run, or those of a frame of RUNS, whose table lies behind their blocks. */
    List<Run> runs() {
        if (type == BLOCKS || type == ZEROES) return List.of(new Run(offsetBytes, lengthBytes, payload));
        List<Run> all = new ArrayList<>();
        int at = 0;
        for (int entry = payload.limit() - (int) offsetBytes * RUN_BYTES; type == RUNS && entry < payload.limit(); entry += RUN_BYTES) {
            int bytes = (int) payload.getLong(entry + 8);
            all.add(new Run(payload.getLong(entry), bytes, payload.slice(at, bytes)));
            at += bytes;
        }
        return all;
    }

    /** The one name in its payload. */
    Optional<UUID> name() { return payload.remaining() < 16 ? Optional.empty() : Optional.of(new UUID(payload.getLong(0), payload.getLong(8))); }
}
