package io.dyad.peerlink.packing;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first half of a block's SHA-256: by it a block that crossed before is recognised. */
record BlockHash(long high, long low) {
    /** Hashes blocks; for one thread. */
    static final class Maker {
        private final MessageDigest sha = sha256();
        private final byte[] digest = new byte[sha.getDigestLength()];
        private final ByteBuffer read = ByteBuffer.wrap(digest);

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        BlockHash of(byte[] bytes, int at) {
            sha.update(bytes, at, Packing.BLOCK_BYTES);
            try {
                sha.digest(digest, 0, digest.length);
            } catch (DigestException e) {
                throw new IllegalStateException(e);
            }
            return new BlockHash(read.getLong(0), read.getLong(Long.BYTES));
        }
    }
}
