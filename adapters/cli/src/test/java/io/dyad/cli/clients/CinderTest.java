package io.dyad.cli.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.cli.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * OpenStack cinder's own SolidFire driver as a judge: it creates a replicated volume, snapshots, reverts, extends, clones, fails over and
 * back, disables replication and deletes, on two clusters in processes of their own; {@code cinder_story.py} checks the data over NBD after
 * each step. A tool that is not installed fails the test.
 */
@Tag("interop")
class CinderTest {
    private static final String LOGIN = "admin:secret";
    private static final long PATIENCE_SECONDS = 300;
    @TempDir private Path dir;

    /** A cluster in a process of its own, on an address of its own, as cinder tells clusters apart. */
    record Site(Process process, String api, String nbd) implements AutoCloseable {
        static Site start(Path dir, String name, String ip) throws IOException {
            String api = ip + ":" + freePort(ip);
            String nbd = ip + ":" + freePort(ip);
            Process process = Program.start("serve", List.of("--name", name, "--mvip", api, "--data", dir.resolve(name).toString(), "--admin", LOGIN, "--nbd", nbd));
            Thread.ofPlatform().daemon().start(() -> process.errorReader().lines().forEach(System.err::println));
            assertThat(process.inputReader().readLine()).isEqualTo("ready " + name + " https://" + api + " nbd://" + nbd);
            return new Site(process, api, nbd);
        }

        @Override public void close() { process.destroyForcibly().onExit().join(); }
    }

    private static int freePort(String ip) {
        try (ServerSocket any = new ServerSocket()) {
            any.bind(new InetSocketAddress(InetAddress.getByName(ip), 0));
            return any.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest @ValueSource(strings = {"Async", "Sync"})
    void cinder_drives_a_replicated_volume_from_its_creation_to_its_end(String mode) throws Exception {
        Path script = dir.resolve("cinder_story.py");
        try (var in = CinderTest.class.getResourceAsStream("cinder_story.py")) {
            Files.copy(Objects.requireNonNull(in), script);
        }
        Path said = dir.resolve("said");
        try (var home = Site.start(dir, "home", "127.0.1.1"); var away = Site.start(dir, "away", "127.0.1.2")) {
            Process cinder = new ProcessBuilder("/usr/bin/python3", "-B", "-W", "ignore", script.toString(), mode, home.api(), home.nbd(), away.api(), away.nbd(), LOGIN)
                .directory(dir.toFile()).redirectErrorStream(true).redirectOutput(said.toFile()).start();
            boolean ended = cinder.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            cinder.destroyForcibly().onExit().join();
            String text = Files.readString(said);
            assertThat(ended).as("ends within its time: %s", text).isTrue();
            assertThat(cinder.exitValue()).as(text).isZero();
            assertThat(text).contains("done: delete");
        }
    }
}
