package io.dyad.cli.campaign;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product in two processes, in trouble: nothing that was promised is lost, and the target is a prefix at every moment. */
class CampaignTest {
    private static final int SHORT_DIRTY_BLOCKS = 6144, LONG_DIRTY_BLOCKS = 81_920;
    @TempDir Path dir;

    private interface Kind {
        Campaign of(MirroredPair pair, Path dir, long seed, Score score) throws IOException;
    }

    /** How many rounds, and from which seed, system properties say: {@code dyad.rounds.NAME}, {@code dyad.seed}. */
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
        System.out.println(Score.HEAD + "\n" + score);
    }

    @Test void killed() throws Exception { play("kills", "tls", 1, Kills::new); }

    @Test void reset_in_mid_frame() throws Exception { play("resets", "clear", 1, Resets::new); }

    @Test void paused() throws Exception { play("pauses", "clear", 1, Pauses::new); }

    @Test void failed_over_and_back() throws Exception { play("failovers", "tls", 2, Failovers::new); }

    @Test void both_ends_written_to_while_apart() throws Exception { play("splits", "tls", 1, SplitBrains::new); }

    @Test void killed_in_an_epoch() throws Exception { play("slow", "clear", 1, (pair, at, seed, score) -> new SlowLink(pair, at, SHORT_DIRTY_BLOCKS, seed, score)); }

    @Tag("long") @Test void killed_two_hundred_times() throws Exception { play("kills", "tls", 200, Kills::new); }

    @Tag("long") @Test void reset_a_hundred_times_under_tls() throws Exception { play("resets", "tls", 20, Resets::new); }

    @Tag("long") @Test void reset_a_hundred_times_in_clear() throws Exception { play("resets", "clear", 20, Resets::new); }

    @Tag("long") @Test void paused_a_hundred_times() throws Exception { play("pauses", "tls", 100, Pauses::new); }

    @Tag("long") @Test void failed_over_sixty_times() throws Exception { play("failovers", "tls", 60, Failovers::new); }

    @Tag("long") @Test void split_twenty_times() throws Exception { play("splits", "tls", 20, SplitBrains::new); }

    @Tag("long") @Test void killed_in_epochs_of_320_mib() throws Exception { play("slow", "tls", 2, (pair, at, seed, score) -> new SlowLink(pair, at, LONG_DIRTY_BLOCKS, seed, score)); }
}
