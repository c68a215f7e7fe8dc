package io.dyad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code serve} says when it cannot: one line, and nothing left behind. */
class ServeCommandTest {
    private record Said(int exit, String words) { }

    private static Said serve(String... args) {
        PrintStream before = System.err;
        ByteArrayOutputStream words = new ByteArrayOutputStream();
        System.setErr(new PrintStream(words, true, StandardCharsets.UTF_8));
        try {
            return new Said(new CommandLine(new ServeCommand()).execute(args), words.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    @Test void a_port_in_use_is_one_line_and_makes_no_directory(@TempDir Path dir) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String at = "127.0.0.1:" + taken.getLocalPort();
            Said said = serve("--name", "one", "--mvip", at, "--data", dir.resolve("d").toString(), "--nbd", "127.0.0.1:0");
            assertThat(said.exit()).isEqualTo(1);
            assertThat(said.words()).isEqualTo("dyad: the API cannot be served at " + at + ": Address already in use\n");
            assertThat(Files.exists(dir.resolve("d"))).isFalse();
        }
    }

    @Test void a_data_directory_that_cannot_be_made_is_one_line(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "in the way");
        Said said = serve("--name", "one", "--mvip", "127.0.0.1:0", "--data", file.resolve("d").toString(), "--nbd", "127.0.0.1:0");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.words().lines()).singleElement().asString().startsWith("dyad: the data directory " + file.resolve("d") + " cannot be used");
    }

    @Test void an_address_that_is_none_is_a_usage_error(@TempDir Path dir) {
        assertThat(serve("--name", "one", "--mvip", "127.0.0.1:port", "--data", dir.toString()).exit()).isEqualTo(2);
    }
}
