package io.dyad.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.cli.operate.TwoServedClusters.Said;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on two real clusters. */
class VerifyCommandTest {
    @TempDir Path dir;

    @Test void both_ends_are_equal_and_the_root_is_that_of_the_blocks() throws Exception {
        try (TwoServedClusters pair = new TwoServedClusters(dir)) {
            byte[] content = new byte[8192];
            new Random(3).nextBytes(content);
            pair.cluster("a").open(pair.volume("a")).write(4096, ByteBuffer.wrap(content), true);

            Said said = pair.run(VerifyCommand.class);
            assertThat(said.exit()).as(said.err()).isZero();
            assertThat(said.out()).isEqualTo("equal   root " + root(content) + "\n");

            pair.cluster("a").cutLinks();
            TwoServedClusters.await("the cut shows", () -> pair.state("a").equals("PausedDisconnected"));
            Said cut = pair.run(VerifyCommand.class);
            assertThat(cut.exit()).isEqualTo(2);
            assertThat(cut.err()).startsWith("dyad verify: ").hasLineCount(1);
        }
    }

    /** SHA-256 over one of each MiB, which is that over the SHA-256 of each of its 4 KiB blocks; two blocks of the first hold something. */
    private static String root(byte[] content) throws Exception {
        byte[] zeroLeaf = sha().digest(new byte[4096]);
        MessageDigest root = sha();
        for (long mib = 0; mib < Math.ceilDiv(1_000_341_504L, 1L << 20); mib++) {
            MessageDigest node = sha();
            for (int block = 0; block < 256; block++) {
                node.update(mib == 0 && (block == 1 || block == 2) ? sha().digest(Arrays.copyOfRange(content, (block - 1) * 4096, block * 4096)) : zeroLeaf);
            }
            root.update(node.digest());
        }
        return HexFormat.of().formatHex(root.digest());
    }

    private static MessageDigest sha() throws NoSuchAlgorithmException { return MessageDigest.getInstance("SHA-256"); }
}
