package io.dyad.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product in two processes, killed at any moment: nothing that was promised is lost, and both ends become the same. */
class CrashTest {
    @TempDir Path dir;

    @Test void killed_in_first_sync_and_while_streaming_both_ends_come_out_the_same() throws Exception { play(4); }

    @Tag("long") @Test void killed_forty_times_both_ends_come_out_the_same() throws Exception { play(40); }

    private void play(int kills) throws Exception {
        long seed = Long.getLong("dyad.seed", System.nanoTime());
        try (ServedCluster source = new ServedCluster("source", dir.resolve("a")); ServedCluster target = new ServedCluster("target", dir.resolve("b"))) {
            try {
                new CrashStory(source, target, seed).play(kills);
            } catch (AssertionError | Exception e) {
                throw new AssertionError("again with -Ddyad.seed=" + seed + ": " + e.getMessage() + "\n" + source.said() + "\n" + target.said(), e);
            }
        }
    }
}
