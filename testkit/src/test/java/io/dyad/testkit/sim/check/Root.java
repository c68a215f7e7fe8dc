package io.dyad.testkit.sim.check;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;

/** The root digest of a volume's content: SHA-256 over one digest a MiB, each SHA-256 over the SHA-256 of its 4 KiB blocks, in order of offset. */
public final class Root {
    private static final int NODE_BLOCKS = 256;

    private Root() { }

    /** {@code blocks}: those that are not zero, by number. */
    public static String of(long sizeBytes, NavigableMap<Integer, byte[]> blocks) {
        MessageDigest leaves = sha();
        MessageDigest nodes = sha();
        MessageDigest root = sha();
        byte[] zeroLeaf = leaves.digest(new byte[Prints.BLOCK_BYTES]);
        byte[] zeroNode = node(nodes, new byte[0][], zeroLeaf);
        long end = Math.ceilDiv(sizeBytes, (long) Prints.BLOCK_BYTES);
        for (int first = 0; first < end; first += NODE_BLOCKS) {
            Map<Integer, byte[]> here = blocks.subMap(first, first + NODE_BLOCKS);
            byte[][] found = new byte[here.isEmpty() ? 0 : NODE_BLOCKS][];
            int start = first;
            here.forEach((block, bytes) -> found[block - start] = leaves.digest(bytes));
            root.update(here.isEmpty() ? zeroNode : node(nodes, found, zeroLeaf));
        }
        return HexFormat.of().formatHex(root.digest());
    }

    private static byte[] node(MessageDigest sha, byte[][] leaves, byte[] zeroLeaf) {
        byte[][] all = Arrays.copyOf(leaves, NODE_BLOCKS);
        for (byte[] leaf : all) sha.update(leaf == null ? zeroLeaf : leaf);
        return sha.digest();
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
