package io.dyad.cli.operate;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code failover}: turns a pair round, whatever has become of it, and says first what that means. */
@Command(name = "failover", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Turns the direction of a volume pair round: planned, when both clusters answer and the pair works; unplanned, when one is silent; back again; or out of a "
            + "split brain, when hosts may write to both ends.",
        "First it prints what will be so, one line each:",
        "  direction a -> b (NAME volume N -> NAME volume N)   which end hosts write to, and which follows",
        "  blocks N                                            4 KiB blocks that have to cross, or unknown",
        "  bytes N                                             the same in bytes",
        "Then it does it, tells its progress on standard error, and ends when both ends show it and data flows, or says why not."},
    exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:it is so", "1:it could not be done, or not in time", "2:the options do not say enough"},
    footer = {"", "The administrator comes from --admin, --admin-file, DYAD_ADMIN_A, DYAD_ADMIN_B or DYAD_ADMIN in the environment, or is asked for."})
public final class FailoverCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private PairOptions pair;

    @Option(names = "--dry-run", description = "Says all of it and does nothing.")
    private boolean dryRun;

    @Option(names = "--to", paramLabel = "a|b", description = "The end that becomes the source; by default the one that is none. A split brain needs it: it says whose content is wanted.")
    private @Nullable String to;

    @Option(names = "--unplanned", description = "Drains nothing: what has not arrived is left behind, though both clusters answer.")
    private boolean unplanned;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "600", description = "How long to wait until data flows in the new direction; 600 by default.")
    private long timeout;

    @SuppressWarnings("NullAway.Init") FailoverCommand() { }

    @Override public Integer call() {
        if (to != null && !to.equals("a") && !to.equals("b")) return failed(2, "--to is a or b");
        try (ApiClient a = pair.a(); ApiClient b = pair.b()) {
            Switch planned = Switch.of(Ends.look(a, b, pair.volume()), new Switch.Asked(Optional.ofNullable(to), unplanned));
            PrintWriter out = spec.commandLine().getOut();
            out.println(planned.direction());
            out.println(planned.blocks());
            out.println(planned.bytesLine());
            out.flush();
            tell(planned.words());
            if (dryRun) return 0;
            new Failover(planned, Duration.ofSeconds(timeout), this::tell).run();
            tell("done");
            return 0;
        } catch (IllegalArgumentException | Switch.Refused e) {
            return failed(2, String.valueOf(e.getMessage()));
        } catch (ApiFailure e) {
            return failed(1, String.valueOf(e.getMessage()));
        }
    }

    private void tell(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }

    private int failed(int exit, String why) {
        tell("dyad failover: " + why);
        return exit;
    }
}
