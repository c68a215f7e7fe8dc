package io.dyad.cli.campaign;

import io.dyad.cli.history.Finding;
import io.dyad.cli.history.StampedHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Source, target or both are killed at any moment under writes. */
final class Kills extends Campaign {
    private static final int BLOCKS = 8192, WITHIN_MILLIS = 400;

    Kills(MirroredPair pair, Path dir, long seed, Score score) throws IOException { super(pair, dir, BLOCKS, seed, score); }

    @Override void round() throws Exception {
        int victim = random.nextInt(3);
        List<ServedCluster> struck = victim == 0 ? List.of(pair.source()) : victim == 1 ? List.of(pair.target()) : pair.both();
        score.count(victim == 0 ? "source" : victim == 1 ? "target" : "both");
        try (StampedHost host = host()) {
            awaitWrites(host, 100);
            MirroredPair.pause(random.nextInt(WITHIN_MILLIS));
            for (ServedCluster c : struck) c.kill();
            pair.link.sever();
            for (ServedCluster c : struck) c.restart();
            judgeTarget("after a kill");
            awaitWrites(host, 100);
            if (random.nextBoolean()) {
                pair.link.heal();                                  // it catches up beside the host
                awaitWrites(host, 200);
            }
        }
        pair.link.sever();
        Finding theirs = judgeTarget("before catching up");
        Finding ours = judgeSource("after a kill");
        catchUp("after a kill", ours.differing(theirs), pair.link::heal);
    }
}
