package io.dyad.cli.campaign;

import io.dyad.cli.history.Finding;
import io.dyad.cli.history.StampedHost;
import java.io.IOException;
import java.nio.file.Path;

/** Paused while writes are on their way, and resumed. */
final class Pauses extends Campaign {
    private static final int BLOCKS = 8192;

    Pauses(MirroredPair pair, Path dir, long seed, Score score) throws IOException { super(pair, dir, BLOCKS, seed, score); }

    @Override void round() throws Exception {
        try (StampedHost host = host()) {
            awaitWrites(host, 64);
            pair.pause(true);
            pair.await("the pause shows", () -> pair.source().state().equals("PausedManual") && pair.target().state().equals("PausedManualRemote"));
            score.count("pauses");
            awaitWrites(host, 1 + random.nextInt(200));
        }
        Finding theirs = judgeTarget("while paused");
        catchUp("after a pause", judgeSource("while paused").differing(theirs), () -> pair.pause(false));
    }
}
