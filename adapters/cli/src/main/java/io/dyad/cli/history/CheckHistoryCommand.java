package io.dyad.cli.history;

import io.dyad.cli.operate.TrustOptions;
import io.dyad.nbd.NbdDisk;
import io.dyad.nbd.NbdUri;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code check-history}: is what an export holds a state after a prefix of what a host wrote? */
@Command(name = "check-history", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Reads an export and says whether it holds the state after a prefix of a recorded history of writes.",
        "The last line is: prefix SEQ, where SEQ is the number of the latest write that is there (0: none); or: not a prefix: BLOCK, "
            + "the first 4 KiB block that does not fit, with the reason on standard error.",
        "A prefix holds every flushed write that was answered before any write was issued that it holds; writes that were never answered or never "
            + "flushed may be there or not. Nothing may write to the export meanwhile: make it readOnly, or name a snapshot."},
    exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:it is a prefix", "1:it is none", "2:the history or the export cannot be read, or the options are wrong"},
    footer = {"", "The history is what ./dyad write-history writes, or any program that writes the format of docs/history.md."})
public final class CheckHistoryCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Spec private CommandSpec spec;

    @Option(names = "--history", required = true, paramLabel = "FILE", description = "The history.")
    private Path history;

    @Option(names = "--nbd", required = true, paramLabel = "URI", description = "The export: nbd://HOST[:PORT]/VOLUME, or nbds:// for TLS.")
    private String nbd;

    @Option(names = "--acknowledged", description = "Every answered write counts, not only flushed ones. True of Dyad as long as no machine loses power.")
    private boolean acknowledged;

    @Option(names = "--complete", description = "Nothing that counts may be missing: for the volume that was written to, or one that must equal it.")
    private boolean complete;

    @Mixin private TrustOptions trust;

    @SuppressWarnings("NullAway.Init") CheckHistoryCommand() { }

    @Override public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        NbdUri uri;
        try {
            uri = NbdUri.of(nbd);
        } catch (IllegalArgumentException e) {
            return bad(err, "--nbd: " + e.getMessage());
        }
        try {
            History read = HistoryReader.read(history);
            Optional<SSLContext> tls = uri.tls() ? Optional.of(trust.contextFor(uri.address())) : Optional.empty();
            try (NbdDisk disk = new NbdDisk(uri, tls, PATIENCE)) {
                if (disk.sizeBytes() < (read.touched.length() * (long) Stamp.BLOCK_BYTES))
                    return bad(err, "the history writes " + read.touched.length() + " blocks, the export has " + disk.sizeBytes() / Stamp.BLOCK_BYTES);
                Verdict verdict = Verdict.of(read, Finding.read(read, disk::read), new Verdict.Strictness(acknowledged, complete));
                verdict.misfit().ifPresent(m -> err.println("dyad check-history: block " + m.block() + ": " + m.why()));
                spec.commandLine().getOut().println(verdict);
                return verdict.misfit().isPresent() ? 1 : 0;
            }
        } catch (NoSuchFileException e) {
            return bad(err, "there is no file " + e.getFile());
        } catch (FileSystemException e) {
            return bad(err, "the history cannot be read: " + e.getMessage() + " (" + e.getClass().getSimpleName() + ")");
        } catch (HistoryReader.BadHistoryException e) {
            return bad(err, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return bad(err, uri + ": " + e.getMessage());
        }
    }

    private static int bad(PrintWriter err, String why) {
        err.println("dyad check-history: " + why);
        return 2;
    }
}
