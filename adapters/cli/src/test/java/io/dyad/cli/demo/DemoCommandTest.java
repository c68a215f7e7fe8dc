package io.dyad.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The demonstration as a user runs it, on a small image with holes. */
class DemoCommandTest {
    private static final long VOLUME_BYTES = 1_000_341_504L;
    private static final int MIB = 1 << 20;
    private final ByteArrayOutputStream results = new ByteArrayOutputStream();
    private final ByteArrayOutputStream narration = new ByteArrayOutputStream();
    @TempDir private Path temp;

    private int run(String... args) {
        var command = new DemoCommand(new PrintStream(results, true, StandardCharsets.UTF_8), () -> new Screen(new PrintStream(narration, true, StandardCharsets.UTF_8), 0));
        return new CommandLine(command).setErr(new PrintWriter(narration, true, StandardCharsets.UTF_8)).execute(args);
    }

    private String told() { return narration.toString(StandardCharsets.UTF_8); }

    /** 1 MiB of noise, 2 MiB of zeroes, and noise again that ends within a block. */
    private Path image() throws IOException {
        byte[] bytes = new byte[4 * MIB + 1234];
        byte[] noise = new byte[MIB];
        Random random = new Random(11);
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, 0, MIB);
        System.arraycopy(noise, 0, bytes, bytes.length - MIB, MIB);
        return Files.write(temp.resolve("image"), bytes);
    }

    private static String paddedSha256(Path image) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(Files.readAllBytes(image));
        byte[] zeroes = new byte[MIB];
        for (long left = VOLUME_BYTES - Files.size(image); left > 0; left -= MIB) sha.update(zeroes, 0, (int) Math.min(left, MIB));
        return HexFormat.of().formatHex(sha.digest());
    }

    @Test void a_host_that_writes_all_along_ends_up_with_two_identical_volumes() throws Exception {
        int exit = run("--image", image().toString(), "--dir", temp.resolve("kept").toString());
        assertThat(exit).as(told()).isZero();
        assertThat(results.toString(StandardCharsets.UTF_8)).matches("identical: 1000341504 bytes, sha256 [0-9a-f]{64}\\R").doesNotContain(paddedSha256(image()));
        assertThat(told()).contains("resync 1 first-sync: ", "resync 1 pause: ", "resync 1 link: ", "PausedManualRemote", "PausedDisconnected", "west holds them all");
        assertThat(temp.resolve("kept/west/volumes")).isDirectory();
    }

    @Test void without_writes_both_volumes_are_the_padded_image() throws Exception {
        int exit = run("--no-writes", "--image", image().toString(), "--dir", temp.resolve("kept").toString());
        assertThat(exit).as(told()).isZero();
        assertThat(results.toString(StandardCharsets.UTF_8)).isEqualToNormalizingNewlines("identical: 1000341504 bytes, sha256 " + paddedSha256(image()) + "\n");
    }

    @Test void a_folder_with_something_in_it_is_refused() throws IOException {
        assertThat(run("--image", image().toString(), "--dir", temp.toString())).isEqualTo(1);
        assertThat(told()).contains("is not empty");
        assertThat(results.size()).isZero();
    }

    @Test void an_image_that_is_not_there_is_named() {
        assertThat(run("--image", temp.resolve("none").toString())).isEqualTo(1);
        assertThat(told()).contains("the image " + temp.resolve("none") + " is no readable file");
    }
}
