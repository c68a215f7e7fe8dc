package io.dyad.cli.campaign;

import io.dyad.cli.history.Finding;
import io.dyad.cli.history.StampedHost;
import java.io.IOException;
import java.nio.file.Path;

/** The link is reset in the middle of a frame, again and again, under writes. */
final class Resets extends Campaign {
    private static final int BLOCKS = 8192, CUTS = 5, WITHIN_BYTES = 400_000;

    Resets(MirroredPair pair, Path dir, long seed, Score score) throws IOException { super(pair, dir, BLOCKS, seed, score); }

    @Override void round() throws Exception {
        Finding theirs;
        try (StampedHost host = host()) {
            for (int i = 0; i < CUTS; i++) {
                awaitWrites(host, 32);
                int before = pair.link.cuts();
                pair.link.cutAfter(1 + random.nextInt(WITHIN_BYTES));
                pair.await("the link is reset", () -> pair.link.cuts() > before);
                score.count("resets");
            }
            pair.link.sever();
            judgeTarget("after resets");
            awaitWrites(host, 64);
        }
        theirs = judgeTarget("before catching up");
        catchUp("after resets", judgeSource("after resets").differing(theirs), pair.link::heal);
    }
}
