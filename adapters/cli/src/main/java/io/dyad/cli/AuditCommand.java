package io.dyad.cli;

import io.dyad.domain.Aggregate;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.State;
import io.dyad.eventstore.EventLogFiles;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Replays the log of a cluster, whether a server runs on it or not: each event, who caused it, and the state after. */
@Command(name = "audit", mixinStandardHelpOptions = true,
    description = "Replays the log of a cluster: every event with its time, who caused it, what changed and the state after.",
    footer = {"", "It reads a copy, so it works while a server runs on the directory. It shows no secret: the log holds none."})
final class AuditCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "The --data directory of the cluster.")
    private Path data;

    @Option(names = "--format", defaultValue = "text", paramLabel = "text|ndjson", description = "text for people (the default), ndjson for scripts.")
    private String format;

    /** Past the buffers of {@code System.out}, which hide that nobody reads any more. */
    @Override public Integer call() {
        try {
            AuditFormat as = AuditFormat.of(format).orElseThrow(() -> new IllegalStateException("--format is text or ndjson, not " + format));
            write(data, as, new FileOutputStream(FileDescriptor.out));
            return 0;
        } catch (IllegalStateException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return readerLeft(e) ? 0 : failed("cannot write: " + e.getMessage());
        }
    }

    private int failed(String why) {
        spec.commandLine().getErr().println("dyad audit: " + why);
        return 1;
    }

    /** As {@code head} does once it has its lines. */
    private static boolean readerLeft(IOException e) { return String.valueOf(e.getMessage()).contains("Broken pipe"); }

    /** Throws {@link IllegalStateException} where there is no log, or none that can be read, and {@link IOException} when {@code out} does. */
    static void write(Path dir, AuditFormat format, OutputStream out) throws IOException {
        Path events = dir.resolve("events");
        if (!Files.isDirectory(events)) throw new IllegalStateException(Files.isDirectory(dir) ? "there is no cluster in " + dir : "there is no directory " + dir);
        var buffered = new BufferedOutputStream(out, 1 << 16);
        Map<String, State> states = new HashMap<>();
        try {
            EventLogFiles.replay(events, recorded -> line(format, recorded, states, buffered));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        buffered.flush();
    }

    private static void line(AuditFormat format, Recorded recorded, Map<String, State> states, OutputStream out) {
        Aggregate kind = Aggregate.of(recorded.event());
        State after = kind.evolve(states.getOrDefault(recorded.aggregate(), kind.initial()), recorded.event());
        states.put(recorded.aggregate(), after);
        try {
            out.write(format.written(recorded, after).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
