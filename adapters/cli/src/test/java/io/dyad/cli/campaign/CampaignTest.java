package io.dyad.cli.campaign;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product in two processes, in trouble: nothing that was promised is lost, and the target is a prefix at every moment. */
class CampaignTest {
    @TempDir Path dir;

    private interface Kind {
        Campaign of(MirroredPair pair, Path dir, long seed, Score score) throws IOException;
    }

    private void play(String name, String transport, int rounds, Kind kind) throws Exception {
        long seed = Long.getLong("dyad.seed", System.nanoTime());
        int count = Integer.getInteger("dyad.rounds." + name, rounds);
        Score score = new Score(name + " " + transport);
        try (MirroredPair pair = new MirroredPair(dir, transport)) {
            try {
                kind.of(pair, dir, seed, score).play(count);
            } catch (AssertionError | Exception e) {
                throw new AssertionError("again with -Ddyad.seed=" + seed + ": " + e.getMessage() + "\n" + score + "\n" + pair.said(), e);
            }
        }
        System.out.println(score);
    }

    @Test void killed_twice() throws Exception { play("kills", "tls", 2, Kills::new); }

    @Tag("long") @Test void killed_two_hundred_times() throws Exception { play("kills", "tls", 200, Kills::new); }
}
