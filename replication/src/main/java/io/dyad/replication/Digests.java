package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first {@value #BYTES} bytes of the SHA-256 of a block: what two ends compare before they ship a block in doubt. One thread. */
final class Digests {
    static final int BYTES = 16;
    private final MessageDigest sha;

    Digests() {
        try {
            this.sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Appends the digests of whole blocks. */
    void put(ByteBuffer blocks, ByteBuffer into) {
        for (int at = blocks.position(); at < blocks.limit(); at += BLOCK_BYTES) {
            sha.update(blocks.slice(at, BLOCK_BYTES));
            into.put(sha.digest(), 0, BYTES);
        }
    }
}
