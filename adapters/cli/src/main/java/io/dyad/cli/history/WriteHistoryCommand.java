package io.dyad.cli.history;

import io.dyad.nbd.NbdDisk;
import io.dyad.nbd.NbdUri;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code write-history}: a host that writes stamped blocks for a while, whatever happens to the server, and records all of it. */
@Command(name = "write-history", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Overwrites the beginning of an export with stamped blocks for a while, and records each write, answer and flush for ./dyad check-history.",
        "When the server goes away it comes back, reads what is there, and goes on. The last line is: written NUMBER"},
    exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:it wrote", "1:the server broke a promise or answered with an error, told on standard error", "2:it could not begin"})
public final class WriteHistoryCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int DEFAULT_BLOCKS = 65_536;

    @Spec private CommandSpec spec;

    @Option(names = "--history", required = true, paramLabel = "FILE", description = "A new file for the history.")
    private Path history;

    @Option(names = "--nbd", required = true, paramLabel = "URI", description = "The export, in clear: nbd://HOST[:PORT]/VOLUME")
    private String nbd;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "10", description = "How long to write; 10 by default.")
    private long seconds;

    @Option(names = "--depth", paramLabel = "N", defaultValue = "32", description = "Writes in flight; 32 by default.")
    private int depth;

    @Option(names = "--blocks", paramLabel = "N", description = "Write within the first N blocks of 4 KiB; by default 65536, or all there are.")
    private int blocks;

    @SuppressWarnings("NullAway.Init") WriteHistoryCommand() { }

    @Override public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            NbdUri uri = NbdUri.of(nbd);
            if (uri.tls() || depth < 1 || seconds < 1) return bad(err, "an export in clear, at least one second, and at least one write in flight are needed");
            long there = blocksOf(uri);
            int range = (int) Math.min(there, blocks > 0 ? blocks : DEFAULT_BLOCKS);
            if (range < 1) return bad(err, "the export has no blocks");
            try (HistoryWriter record = HistoryWriter.create(history, new SecureRandom().nextLong(), range, false)) {
                return write(record, uri);
            }
        } catch (IllegalArgumentException e) {
            return bad(err, "--nbd: " + e.getMessage());
        } catch (FileAlreadyExistsException e) {
            return bad(err, history + " is there already");
        } catch (IOException e) {
            return bad(err, String.valueOf(e.getMessage()));
        }
    }

    private static long blocksOf(NbdUri uri) throws IOException {
        try (NbdDisk disk = new NbdDisk(uri, PATIENCE)) {
            if (disk.readOnly()) throw new IOException(uri + " is read-only");
            return disk.sizeBytes() / Stamp.BLOCK_BYTES;
        }
    }

    private int write(HistoryWriter record, NbdUri uri) throws InterruptedException {
        try (StampedHost host = new StampedHost(record, () -> new StampedHost.Place(uri, false), new StampedHost.Habit(depth, Window.MAX_BLOCKS, 0, System.nanoTime()))) {
            new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
            host.stop();
            host.failures().forEach(failure -> spec.commandLine().getErr().println("dyad write-history: " + failure));
            spec.commandLine().getOut().println("written " + host.written());
            return host.failures().isEmpty() ? 0 : 1;
        }
    }

    private static int bad(PrintWriter err, String why) {
        err.println("dyad write-history: " + why);
        return 2;
    }
}
