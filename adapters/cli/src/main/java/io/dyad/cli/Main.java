package io.dyad.cli;

import io.dyad.cli.demo.DemoCommand;
import io.dyad.cli.history.CheckHistoryCommand;
import io.dyad.cli.history.WriteHistoryCommand;
import io.dyad.cli.operate.FailoverCommand;
import io.dyad.cli.operate.VerifyCommand;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program behind {@code ./dyad}: one subcommand a job. */
@Command(
        name = "dyad",
        description = "Pairs storage clusters and volumes and replicates blocks between them.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {DemoCommand.class, ServeCommand.class, AuditCommand.class, FailoverCommand.class, VerifyCommand.class, CheckHistoryCommand.class, WriteHistoryCommand.class})
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    Main() {}

    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    public static void main(String[] args) {
        HELIDON.setLevel(Level.WARNING);
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which command to run.");
    }

    /** The version in the jar's manifest; "unpacked" when the classes are not in a jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"dyad " + Objects.requireNonNullElse(version, "unpacked")};
        }
    }
}
