package io.dyad.volumefiles;

import java.nio.ByteBuffer;

/** Zeroes to write or to hand out, never changed. Safe for any thread. */
final class Zeroes {
    static final int MOST_BYTES = 1 << 20;
    private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(MOST_BYTES).asReadOnlyBuffer();

    private Zeroes() { }

    /** So many of them, {@value #MOST_BYTES} at most. */
    static ByteBuffer of(int bytes) { return ZEROES.slice(0, bytes); }

    /** Puts so many of them. */
    static void fill(ByteBuffer into, int count) {
        for (int left = count; left > 0; ) {
            int length = Math.min(left, MOST_BYTES);
            into.put(into.position(), ZEROES, 0, length).position(into.position() + length);
            left -= length;
        }
    }
}
