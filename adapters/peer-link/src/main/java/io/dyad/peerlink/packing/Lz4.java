package io.dyad.peerlink.packing;

import net.jpountz.lz4.LZ4Factory;

/** The codec, loaded by the first who uses it: native code where it loads, else the port that needs nothing but Java. */
final class Lz4 {
    static final LZ4Factory CODEC = codec();

    private Lz4() { }

    private static LZ4Factory codec() {
        try {
            return LZ4Factory.nativeInstance();
        } catch (LinkageError | RuntimeException e) {
            return LZ4Factory.safeInstance();
        }
    }
}
