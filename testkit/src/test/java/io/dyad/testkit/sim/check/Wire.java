package io.dyad.testkit.sim.check;

import java.nio.ByteBuffer;

/** A frame as it goes over the wire, read by its drawn layout and not by the product's code. */
record Wire(int type, long number, long offsetBytes, long lengthBytes, ByteBuffer payload) {
    static final int EPOCH = 4;
    static final int BLOCKS = 5;
    static final int ZEROES = 6;
    static final int COMMITTED = 8;
    static final int WRITE = 9;
    static final int ZERO = 10;
    static final int ACK = 11;
    static final int RECEIVED = 13;
    private static final int HEADER_BYTES = 40;

    static Wire of(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes);
        return new Wire(b.getShort(4), b.getLong(16), b.getLong(24), b.getLong(32), b.slice(HEADER_BYTES, bytes.length - HEADER_BYTES));
    }

    boolean carriesBlocks() { return type == BLOCKS || type == WRITE; }
}
