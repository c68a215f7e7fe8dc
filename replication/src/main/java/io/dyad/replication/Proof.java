package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.replication.Blocks.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Proves content by digests, without looking at what is not there:
 *
 * <pre>
 *   leaf = SHA-256 of a 4 KiB block; of zeroes where nothing is allocated or the volume has ended
 *   node = SHA-256 of the leaves of 1 MiB, in order of offset
 *   root = SHA-256 of the nodes of the larger of both ends, in order of offset
 * </pre>
 *
 * A damaged block has no leaf: 32 zero bytes stand in its place. One thread.
 */
final class Proof {
    static final int LEAF_BYTES = 32;
    static final int NODE_BLOCKS = 256;
    static final int NODE_BYTES = NODE_BLOCKS * BLOCK_BYTES;
    private final MessageDigest sha = sha();
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    private final byte[] zeroLeaf = sha.digest(new byte[BLOCK_BYTES]);
    private final byte[] zeroNode = node(zeroLeaves());

    static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private byte[] zeroLeaves() {
        byte[] leaves = new byte[NODE_BLOCKS * LEAF_BYTES];
        for (int i = 0; i < NODE_BLOCKS; i++) System.arraycopy(zeroLeaf, 0, leaves, i * LEAF_BYTES, LEAF_BYTES);
        return leaves;
    }

    /** True when nothing is allocated in the MiB at {@code offsetBytes}. */
    static boolean absent(Blocks content, long offsetBytes) throws IOException {
        long end = Math.min(offsetBytes + NODE_BYTES, content.sizeBytes());
        if (offsetBytes >= end) return true;
        Extent run = content.extentAt(offsetBytes, end);
        return !run.allocated() && run.endBytes() == end;
    }

    /** The leaves of the MiB at {@code offsetBytes}. */
    byte[] leaves(Blocks content, long offsetBytes) throws IOException {
        byte[] leaves = zeroLeaves();
        long end = Math.min(offsetBytes + NODE_BYTES, content.sizeBytes());
        for (long at = offsetBytes; at < end; ) {
            Extent run = content.extentAt(at, end);
            if (run.allocated()) for (long b = at; b < run.endBytes(); b += BLOCK_BYTES) leaf(content, b, leaves, (int) ((b - offsetBytes) / BLOCK_BYTES));
            at = run.endBytes();
        }
        return leaves;
    }

    private void leaf(Blocks content, long offsetBytes, byte[] leaves, int index) throws IOException {
        byte[] leaf = new byte[LEAF_BYTES];
        try {
            content.read(offsetBytes, block.clear());
            sha.update(block.flip());
            leaf = sha.digest();
        } catch (DamagedBlockException e) {
            // stays without a leaf
        }
        System.arraycopy(leaf, 0, leaves, index * LEAF_BYTES, LEAF_BYTES);
    }

    byte[] node(byte[] leaves) { return sha.digest(leaves); }

    byte[] zeroNode() { return zeroNode; }

    static boolean same(byte[] one, byte[] two, int index) {
        int from = index * LEAF_BYTES;
        return Arrays.equals(one, from, from + LEAF_BYTES, two, from, from + LEAF_BYTES);
    }

    static boolean damaged(byte[] leaves, int index) {
        for (int i = index * LEAF_BYTES; i < (index + 1) * LEAF_BYTES; i++) if (leaves[i] != 0) return false;
        return true;
    }
}
