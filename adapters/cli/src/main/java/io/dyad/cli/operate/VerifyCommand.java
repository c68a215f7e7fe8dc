package io.dyad.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code verify}: are both ends of a pair the same, at one point in the write order, while they run? */
@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Compares both ends of a volume pair by digests at one point in the write order, while hosts write and replication goes on.",
        "The last line is: equal   root HEX; or: differ BLOCKS   root HEX. BLOCKS are 4 KiB blocks that are not the same. HEX is the source's content: SHA-256 over "
            + "one SHA-256 for each MiB, which is over the SHA-256 of each of its 4 KiB blocks, all in order.",
        "With --repair what differs is sent again from the source, damaged blocks from the end that holds them whole, and both ends are compared once more."},
    exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:equal", "1:they differ", "2:they could not be compared, or the options are wrong"},
    footer = {"", "The administrator comes from --admin, --admin-file, DYAD_ADMIN_A, DYAD_ADMIN_B or DYAD_ADMIN in the environment, or is asked for."})
public final class VerifyCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 100;
    private static final long TELL_NS = Duration.ofSeconds(2).toNanos();

    @Spec private CommandSpec spec;

    @Mixin private PairOptions pair;

    @Option(names = "--repair", description = "Makes the target the same where it differs.")
    private boolean repair;

    @SuppressWarnings("NullAway.Init") VerifyCommand() { }

    /** What a comparison came to. */
    private record Found(long differing, long damaged, String root) {
        boolean equal() { return differing == 0; }

        @Override public String toString() { return (equal() ? "equal" : "differ " + differing) + "   root " + root; }
    }

    @Override public Integer call() {
        try (ApiClient a = pair.a(); ApiClient b = pair.b()) {
            Ends ends = Ends.look(a, b, pair.volume());
            End asked = source(ends);
            Found found = compare(asked, repair);
            if (found.damaged() > 0) tell(found.damaged() + " blocks do not match their checksums on one end");
            if (repair && !found.equal()) {
                tell(found.differing() + " blocks are repaired; comparing again");
                found = compare(asked, false);
            }
            spec.commandLine().getOut().println(found);
            spec.commandLine().getOut().flush();
            return found.equal() ? 0 : 1;
        } catch (IllegalArgumentException | ApiFailure e) {
            tell("dyad verify: " + e.getMessage());
            return 2;
        }
    }

    private static End source(Ends ends) {
        End a = ends.a().orElseThrow(() -> new ApiFailure("cluster a does not answer: " + ends.silence()));
        End b = ends.b().orElseThrow(() -> new ApiFailure("cluster b does not answer: " + ends.silence()));
        if (a.writes() == b.writes()) throw new ApiFailure("there is no source and target to compare: " + a.named() + " is " + a.access() + ", " + b.named() + " is " + b.access());
        return a.writes() ? a : b;
    }

    private Found compare(End source, boolean repairing) {
        Map<String, Object> volume = Map.of("volumeID", source.volume());
        source.api().call("DyadVerifyVolumePair", Map.of("volumeID", source.volume(), "repair", repairing));
        long toldNs = System.nanoTime();
        while (true) {
            JsonNode now = source.api().call("DyadGetVerification", volume);
            switch (now.path("status").asText()) {
                case "complete" -> { return new Found(now.path("differingBlocks").asLong(), now.path("damagedBlocks").asLong(), now.path("root").asText()); }
                case "failed"   -> throw new ApiFailure("the comparison ended early: " + now.path("details").asText());
                default         -> { }
            }
            if (System.nanoTime() - toldNs > TELL_NS) {
                toldNs = System.nanoTime();
                tell("compared " + now.path("comparedBytes").asLong() + " of " + now.path("totalBytes").asLong() + " bytes");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.noAnswer("interrupted", e);
        }
    }

    private void tell(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}
