package io.dyad.cli.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.cli.Program;
import io.dyad.cli.operate.ApiClient;
import io.dyad.cli.operate.ApiFailure;
import io.dyad.cli.operate.Credentials;
import io.dyad.cli.operate.Trust;
import io.dyad.nbd.NbdUri;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cluster served by a process of its own, killed and started again on the same directory and ports. */
public final class ServedCluster implements Closeable {
    static final Credentials ADMIN = new Credentials("admin", "correct-horse");
    final String name;
    final InetSocketAddress api = freePort();
    final InetSocketAddress nbd = freePort();
    /** What every process of this cluster said on standard error. */
    final List<String> log = new CopyOnWriteArrayList<>();
    private final ApiClient client;
    private final List<String> arguments;
    private volatile Process process;

    /** {@code more}: further options of {@code serve}. */
    ServedCluster(String name, Path dir, List<String> more) throws IOException {
        this.name = name;
        this.client = new ApiClient(URI.create(url() + "/json-rpc/12.5"), Trust.inAny(), ADMIN);
        this.arguments = new ArrayList<>(List.of("--name", name, "--mvip", text(api), "--data", dir.toString(), "--admin", ADMIN.user() + ":" + ADMIN.password(),
            "--nbd", text(nbd)));
        arguments.addAll(more);
        this.process = launch();
    }

    static InetSocketAddress freePort() {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), any.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process launch() throws IOException {
        Process started = Program.start("serve", arguments);
        Thread.ofPlatform().daemon().start(() -> keep(started.errorReader()));
        String first = started.inputReader().readLine();
        if (!("ready " + name + " https://" + text(api) + " nbd://" + text(nbd)).equals(first)) throw new IOException(name + " said " + first + "; " + log);
        return started;
    }

    private void keep(BufferedReader lines) {
        try (lines) {
            lines.lines().forEach(log::add);
        } catch (java.io.UncheckedIOException | IOException e) {
            log.add("the process is gone");
        }
    }

    static String text(InetSocketAddress a) { return a.getAddress().getHostAddress() + ":" + a.getPort(); }

    String url() { return "https://" + text(api); }

    NbdUri volume() { return NbdUri.of(nbd, 1); }

    NbdUri export(String export) { return new NbdUri(nbd, export, false); }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
        log.add("killed");
    }

    void restart() throws IOException { process = launch(); }

    JsonNode call(String method, Map<String, ?> params) { return client.call(method, params); }

    /** What the API shows at a place; empty while nobody answers. */
    Optional<String> show(String method, Map<String, ?> params, String pointer) {
        try {
            return Optional.of(call(method, params).at(pointer).asText());
        } catch (ApiFailure e) {
            return Optional.empty();
        }
    }

    String state() { return show("ListVolumes", Map.of(), "/volumes/0/volumePairs/0/remoteReplication/state").orElse("silent"); }

    void access(String access) { call("ModifyVolume", Map.of("volumeID", 1, "access", access)); }

    /** The end of the log, for a failure's message. */
    String said() { return name + ":\n" + String.join("\n", log.subList(Math.max(0, log.size() - 60), log.size())); }

    @Override public void close() {
        process.destroyForcibly().onExit().join();
        client.close();
    }
}
